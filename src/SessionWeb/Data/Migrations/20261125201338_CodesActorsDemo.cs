using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SessionWeb.Data.Migrations
{
    /// <inheritdoc />
    public partial class CodesActorsDemo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ById",
                table: "AuditEntries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsDemo",
                table: "Accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastAuthenticatorStep",
                table: "Accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_ById",
                table: "AuditEntries",
                column: "ById");

            // Used codes were rows with the time of use in milliseconds; their step was at most two later than that time.
            migrationBuilder.Sql("""
                UPDATE "Accounts" SET "LastAuthenticatorStep" = COALESCE((
                    SELECT MAX(CAST("Value" AS BIGINT)) / 30000 + 2 FROM "AccountTokens"
                    WHERE "UserId" = "Accounts"."Id" AND "LoginProvider" = 'UsedCode'), 0)
                """);
            migrationBuilder.Sql("""DELETE FROM "AccountTokens" WHERE "LoginProvider" = 'UsedCode'""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEntries_ById",
                table: "AuditEntries");

            migrationBuilder.DropColumn(
                name: "ById",
                table: "AuditEntries");

            migrationBuilder.DropColumn(
                name: "IsDemo",
                table: "Accounts");

            migrationBuilder.DropColumn(
                name: "LastAuthenticatorStep",
                table: "Accounts");
        }
    }
}
