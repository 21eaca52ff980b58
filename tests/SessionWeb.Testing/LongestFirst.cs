using Xunit.Sdk;
using Xunit.v3;

namespace SessionWeb.Testing;

/// <summary>Starts the longest test classes and groups first, so that none of them runs alone at the end.</summary>
/// <param name="longest">
/// Test classes and collection definitions, longest first. Their order is a matter of speed only.
/// </param>
public abstract class LongestFirst(params IReadOnlyList<Type> longest) : ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection =>
        [.. testCollections.OrderBy(Rank)];

    private int Rank<T>(T collection) where T : ITestCollection
    {
        // The name of a collection is "Test collection for Namespace.Class (id: …)".
        var words = collection.TestCollectionDisplayName.Split(' ');
        var rank = longest.ToList().FindIndex(type => words.Contains(type.FullName));
        return rank < 0 ? longest.Count : rank;
    }
}
