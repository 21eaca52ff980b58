using System.Reflection;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Architecture;

/// <summary>The folders of the library depend on each other in one direction.</summary>
public sealed class LibraryArchitectureTests : IDisposable
{
    private const int MaxDependencies = 6;

    // Each folder may use the listed folders, which must precede it. The order excludes cycles.
    private static readonly (string Folder, string[] Uses)[] Allowed =
    [
        ("", []),
        ("Revocation", [""]),
        ("Caching", ["", "Revocation"]),
        ("Redis", ["", "Revocation", "Caching"]),
        ("DataProtection", ["", "Redis"]),
        ("Http", ["", "Caching", "DataProtection"]),
        ("DependencyInjection", ["", "Revocation", "Caching", "Redis", "DataProtection", "Http"]),
    ];

    private static readonly Assembly Library = typeof(ISessionStore).Assembly;

    private readonly FolderReferences _references = new(Library.Location, "SessionWeb.Sessions");

    public void Dispose() => _references.Dispose();

    [Fact]
    public void Folders_depend_in_one_direction()
    {
        Assert.Contains(_references.Between(), reference => reference is { From: "Redis", To: "Revocation" });
        Assert.Empty(_references.Forbidden(Allowed));
    }

    [Theory]
    [InlineData("Revocation", "StackExchange.Redis", "Microsoft.AspNetCore")]
    [InlineData("Caching", "StackExchange.Redis", "Microsoft.AspNetCore.Http")]
    [InlineData("Http", "StackExchange.Redis")]
    [InlineData("Redis", "Microsoft.AspNetCore")]
    [InlineData("", "StackExchange.Redis")]
    public void Folder_does_not_use_forbidden_namespaces(string folder, params string[] forbidden)
    {
        var external = _references.External(folder).Where(use => !IsPath(use.Example)).ToList();

        Assert.NotEmpty(external);
        Assert.DoesNotContain(
            external, use => forbidden.Any(name => use.Namespace.StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Constructors_have_at_most_six_dependencies()
    {
        var large = Library.GetTypes()
            .Where(
                type => type.IsClass && type.GetMethod("<Clone>$") is null && !typeof(Exception).IsAssignableFrom(type))
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(constructor => constructor.GetParameters().Length > MaxDependencies));

        Assert.Empty(large);
    }

    [Fact]
    public void Revocation_is_small()
    {
        var files = Directory.GetFiles(
            Path.Combine(Repository.Root, "src", "SessionWeb.Sessions", "Revocation"), "*.cs");

        Assert.NotEmpty(files);
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count()), 1, 900);
    }

    // The options contain paths of the app. The contracts use no other HTTP type.
    private static bool IsPath(string example) =>
        example.EndsWith("Microsoft.AspNetCore.Http.PathString", StringComparison.Ordinal);
}
