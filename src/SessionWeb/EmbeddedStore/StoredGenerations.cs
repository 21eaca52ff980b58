using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.EmbeddedStore;

/// <summary>Reads and raises the generation and the claims version of an account in the session store.</summary>
internal static class StoredGenerations
{
    public static Task<long> GenerationAsync(
        this AppDbContext database, string tag, CancellationToken cancellationToken) =>
        database.SessionGenerations.Where(g => g.AccountTag == tag).Select(g => g.Generation)
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Raises the generation. A lower number changes nothing.</summary>
    public static async Task RaiseGenerationAsync(
        this AppDbContext database, string tag, long generation, CancellationToken cancellationToken)
    {
        await AddMissingAsync(database, tag, cancellationToken);
        await database.SessionGenerations.Where(g => g.AccountTag == tag && g.Generation < generation)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Generation, generation), cancellationToken);
    }

    /// <summary>Raises the claims version. A lower number changes nothing.</summary>
    public static async Task RaiseClaimsVersionAsync(
        this AppDbContext database, string tag, long version, CancellationToken cancellationToken)
    {
        await AddMissingAsync(database, tag, cancellationToken);
        await database.SessionGenerations.Where(g => g.AccountTag == tag && g.ClaimsVersion < version)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.ClaimsVersion, version), cancellationToken);
    }

    private static async Task AddMissingAsync(AppDbContext database, string tag, CancellationToken cancellationToken)
    {
        if (await database.SessionGenerations.AnyAsync(g => g.AccountTag == tag, cancellationToken))
            return;
        database.Add(new StoredGeneration { AccountTag = tag });
        await database.SaveChangesAsync(cancellationToken);
    }
}
