using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SessionWeb.Data.Migrations
{
    /// <inheritdoc />
    public partial class RevocationIntents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "RevocationIntents",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Account = table.Column<string>(type: "TEXT", nullable: true),
                    Handle = table.Column<string>(type: "TEXT", nullable: true),
                    KeepAccount = table.Column<string>(type: "TEXT", nullable: true),
                    KeepHandle = table.Column<string>(type: "TEXT", nullable: true),
                    Generation = table.Column<long>(type: "INTEGER", nullable: true),
                    ClaimsVersion = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: true),
                    Message = table.Column<string>(type: "TEXT", nullable: true),
                    SignInAgain = table.Column<bool>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    AcknowledgedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RevocationIntents", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_RevocationIntents_AcknowledgedAt",
                table: "RevocationIntents",
                column: "AcknowledgedAt");

            migrationBuilder.CreateIndex(
                name: "IX_RevocationIntents_At",
                table: "RevocationIntents",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RevocationIntents");
        }
    }
}
