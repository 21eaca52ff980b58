using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SessionWeb.Data.Migrations
{
    /// <inheritdoc />
    public partial class Claims : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ClaimsVersion",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "SignInAgain",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "ClaimsVersion",
                table: "SessionGenerations",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ClaimsVersion",
                table: "Accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ClaimsVersion",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "SignInAgain",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "ClaimsVersion",
                table: "SessionGenerations");

            migrationBuilder.DropColumn(
                name: "ClaimsVersion",
                table: "Accounts");
        }
    }
}
