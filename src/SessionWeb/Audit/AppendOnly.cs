using Microsoft.EntityFrameworkCore.Migrations;

namespace SessionWeb.Audit;

/// <summary>What makes the database itself refuse to change or delete an entry; every provider has its own words for it.</summary>
internal static class AppendOnly
{
    public static void MakeAuditAppendOnly(this MigrationBuilder migration)
    {
        if (migration.ActiveProvider != "Microsoft.EntityFrameworkCore.Sqlite")
            throw new NotSupportedException($"The audit log has no triggers for {migration.ActiveProvider} yet.");
        foreach (var change in new[] { "UPDATE", "DELETE" })
            migration.Sql($"""
                CREATE TRIGGER "AuditEntries_no_{change}" BEFORE {change} ON "AuditEntries"
                BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
                """);
        // INSERT OR REPLACE deletes without asking the trigger above.
        migration.Sql("""
            CREATE TRIGGER "AuditEntries_no_REPLACE" BEFORE INSERT ON "AuditEntries"
            WHEN EXISTS (SELECT 1 FROM "AuditEntries" WHERE "Id" = NEW."Id")
            BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
            """);
    }
}
