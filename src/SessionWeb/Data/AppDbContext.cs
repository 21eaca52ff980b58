using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace SessionWeb.Data;

/// <summary>
/// The accounts database: accounts, the audit log, the revocation journal and, without Redis, sessions.
/// </summary>
internal sealed class AppDbContext(DbContextOptions<AppDbContext> options)
    : IdentityDbContext<Account, IdentityRole, string>(options)
{
    public DbSet<StoredSession> Sessions => Set<StoredSession>();

    public DbSet<StoredGeneration> SessionGenerations => Set<StoredGeneration>();

    public DbSet<StoredRevocation> RevocationJournal => Set<StoredRevocation>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        ConfigureAccounts(builder);

        builder.Entity<StoredSession>(session =>
        {
            session.HasKey(s => s.Hash);
            session.HasIndex(s => s.AccountTag);
            session.HasIndex(s => s.EndsAt);
        });
        builder.Entity<StoredGeneration>().HasKey(g => g.AccountTag);
        builder.Entity<StoredRevocation>(revocation =>
        {
            revocation.ToTable("RevocationIntents");
            revocation.HasIndex(r => r.At);
            revocation.HasIndex(r => r.AcknowledgedAt);
            revocation.HasIndex(r => r.Generation, "IX_RevocationIntents_Epoch").HasFilter("\"Account\" IS NULL");
        });

        builder.Entity<AuditEntry>(entry =>
        {
            entry.HasIndex(e => e.AccountId);
            entry.HasIndex(e => e.AccountName);
            entry.HasIndex(e => e.By);
            entry.HasIndex(e => e.ById);
            entry.HasIndex(e => e.At);
            entry.HasIndex(e => e.SessionHandle);
            // Each session expires once, so it has at most one such entry.
            entry.HasIndex(e => e.SessionHandle, "IX_AuditEntries_Expired").IsUnique()
                .HasFilter("\"Event\" = 'session-expired'");
        });
    }

    private static void ConfigureAccounts(ModelBuilder builder)
    {
        builder.Entity<Account>().ToTable("Accounts").Property(a => a.DisabledReason).HasMaxLength(500);
        builder.Entity<IdentityUserRole<string>>().ToTable("AccountRoles");
        builder.Entity<IdentityUserClaim<string>>().ToTable("AccountClaims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("AccountLogins");
        builder.Entity<IdentityUserToken<string>>().ToTable("AccountTokens");
        builder.Entity<IdentityRoleClaim<string>>().ToTable("RoleClaims");
        const string admin = Data.Roles.Admin;
        builder.Entity<IdentityRole>().ToTable("Roles").HasData(new IdentityRole
        {
            Id = admin,
            Name = admin,
            NormalizedName = admin.ToUpperInvariant(),
            ConcurrencyStamp = admin,
        });
    }
}
