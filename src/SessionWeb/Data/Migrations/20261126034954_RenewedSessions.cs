using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SessionWeb.Data.Migrations
{
    /// <inheritdoc />
    public partial class RenewedSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Epoch",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "FormerHash",
                table: "Sessions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "FormerHashEndsAt",
                table: "Sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "FormerHashGrace",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "IX_RevocationIntents_Epoch",
                table: "RevocationIntents",
                column: "Generation",
                filter: "\"Account\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RevocationIntents_Epoch",
                table: "RevocationIntents");

            migrationBuilder.DropColumn(
                name: "Epoch",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "FormerHash",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "FormerHashEndsAt",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "FormerHashGrace",
                table: "Sessions");
        }
    }
}
