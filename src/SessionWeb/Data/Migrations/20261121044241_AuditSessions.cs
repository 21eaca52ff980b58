using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SessionWeb.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_Expired",
                table: "AuditEntries",
                column: "SessionHandle",
                unique: true,
                filter: "\"Event\" = 'session-expired'");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_SessionHandle",
                table: "AuditEntries",
                column: "SessionHandle");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEntries_Expired",
                table: "AuditEntries");

            migrationBuilder.DropIndex(
                name: "IX_AuditEntries_SessionHandle",
                table: "AuditEntries");
        }
    }
}
