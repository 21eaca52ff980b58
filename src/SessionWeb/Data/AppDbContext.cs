using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.SessionStorage;

namespace SessionWeb.Data;

internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<Account, IdentityRole, string>(options)
{
    public DbSet<StoredSession> Sessions => Set<StoredSession>();

    public DbSet<StoredGeneration> SessionGenerations => Set<StoredGeneration>();

    public DbSet<StoredRevocation> RevocationIntents => Set<StoredRevocation>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>().ToTable("Accounts").Property(a => a.DisabledReason).HasMaxLength(500);
        builder.Entity<IdentityUserRole<string>>().ToTable("AccountRoles");
        builder.Entity<IdentityUserClaim<string>>().ToTable("AccountClaims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("AccountLogins");
        builder.Entity<IdentityUserToken<string>>().ToTable("AccountTokens");
        builder.Entity<IdentityRoleClaim<string>>().ToTable("RoleClaims");
        builder.Entity<IdentityRole>().ToTable("Roles").HasData(
            new IdentityRole { Id = Accounts.Roles.Admin, Name = Accounts.Roles.Admin, NormalizedName = Accounts.Roles.Admin.ToUpperInvariant(), ConcurrencyStamp = Accounts.Roles.Admin });

        builder.Entity<StoredSession>(session =>
        {
            session.HasKey(s => s.Hash);
            session.HasIndex(s => s.AccountTag);
            session.HasIndex(s => s.EndsAt);
        });
        builder.Entity<StoredGeneration>().HasKey(g => g.AccountTag);
        builder.Entity<StoredRevocation>(intent =>
        {
            intent.HasIndex(i => i.At);
            intent.HasIndex(i => i.AcknowledgedAt);
            intent.HasIndex(i => i.Generation, "IX_RevocationIntents_Epoch").HasFilter("\"Account\" IS NULL");
        });

        builder.Entity<AuditEntry>(entry =>
        {
            entry.HasIndex(e => e.AccountId);
            entry.HasIndex(e => e.AccountName);
            entry.HasIndex(e => e.By);
            entry.HasIndex(e => e.ById);
            entry.HasIndex(e => e.At);
            entry.HasIndex(e => e.SessionHandle);
            entry.HasIndex(e => e.SessionHandle, "IX_AuditEntries_Expired").IsUnique().HasFilter($"\"Event\" = '{AuditEvents.SessionExpired}'");
        });
    }
}
