namespace SessionWeb.UnitTests.Architecture;

/// <summary>The folders of the app depend on each other in one direction.</summary>
public sealed class AppArchitectureTests : IDisposable
{
    // Each folder may use the listed folders, which must precede it. The order excludes cycles.
    private static readonly (string Folder, string[] Uses)[] Allowed =
    [
        ("Hosting", []),
        ("Security", ["Hosting"]),
        ("Data", ["Hosting"]),
        ("DataProtection", ["Data", "Hosting"]),
        ("Audit", ["Data", "Hosting", "Security"]),
        ("Accounts", ["Audit", "Data", "Hosting"]),
        ("Revocations", ["Audit", "Data", "Hosting"]),
        ("EmbeddedStore", ["Data", "Hosting"]),
        ("Administration", ["Accounts", "Audit", "Data", "Revocations"]),
        ("SelfService", ["Accounts", "Audit", "Data", "Revocations"]),
        ("Authentication", ["Accounts", "Audit", "Data", "EmbeddedStore", "Hosting", "Revocations"]),
        ("CommandLine", ["Accounts", "Administration", "Audit", "Data", "Hosting", "Revocations", "Security"]),
        ("Components", []),
        ("Pages",
        [
            "Accounts", "Administration", "Audit", "Components", "Data", "Hosting", "Revocations", "Security",
            "SelfService",
        ]),
    ];

    private readonly FolderReferences _references =
        new(typeof(SessionWeb.Accounts.SignIn).Assembly.Location, "SessionWeb");

    public void Dispose() => _references.Dispose();

    [Fact]
    public void Folders_depend_in_one_direction()
    {
        Assert.Contains(_references.Between(), reference => reference is { From: "Pages", To: "SelfService" });
        // Program.cs, in the root folder, uses all of them.
        Assert.Empty(_references.Forbidden([.. Allowed, ("", [.. Allowed.Select(folder => folder.Folder)])]));
    }

    [Fact]
    public void Accounts_know_no_sessions_and_no_pages()
    {
        var external = _references.External("Accounts").ToList();

        Assert.NotEmpty(external);
        Assert.DoesNotContain(
            external, use => use.Namespace.StartsWith("SessionWeb.Sessions", StringComparison.Ordinal)
                || use.Namespace.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal));
    }
}
