using Microsoft.EntityFrameworkCore.Migrations;

namespace SessionWeb.Data;

/// <summary>
/// Triggers with which the database refuses to change or delete audit entries. Their syntax depends on the provider.
/// </summary>
internal static class AuditTriggers
{
    public static void MakeAuditAppendOnly(this MigrationBuilder migration)
    {
        if (migration.ActiveProvider != "Microsoft.EntityFrameworkCore.Sqlite")
            throw new NotSupportedException($"The audit log has no triggers for {migration.ActiveProvider} yet.");
        foreach (var change in new[] { "UPDATE", "DELETE" })
        {
            migration.Sql($"""
                CREATE TRIGGER "AuditEntries_no_{change}" BEFORE {change} ON "AuditEntries"
                BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
                """);
        }
        // INSERT OR REPLACE deletes a row without firing the DELETE trigger.
        migration.Sql("""
            CREATE TRIGGER "AuditEntries_no_REPLACE" BEFORE INSERT ON "AuditEntries"
            WHEN EXISTS (SELECT 1 FROM "AuditEntries" WHERE "Id" = NEW."Id")
            BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
            """);
    }
}
