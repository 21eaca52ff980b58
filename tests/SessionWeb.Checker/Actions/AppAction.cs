using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>What the page or the command said about an action.</summary>
internal sealed record Said(Outcome Outcome, string Text);

/// <summary>Something that a user, an administrator or the command line does to an account or its sessions.</summary>
/// <param name="Name">As the command line of the checker names it.</param>
/// <param name="PerformAsync">Performs it at a node, under an interference.</param>
internal sealed record AppAction(string Name, Func<AppScene, AppNode, Subject, Interference, Task<Said>> PerformAsync)
{
    /// <summary>Every action of the app that concerns sessions.</summary>
    public static IReadOnlyList<AppAction> All => [.. AdminActions.All, .. OwnActions.All, .. CommandActions.All];

    /// <summary>Brings the account into the state that the action needs.</summary>
    public Func<AppScene, Subject, Task> PrepareAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The sessions that the action ends, or whose claims it changes; by default all.</summary>
    public Func<Subject, IEnumerable<string>> Concerns { get; init; } = subject => subject.Sessions;

    /// <summary>Whether a session shows the changed claims; null where the action ends sessions.</summary>
    public Func<Subject, Sight, bool>? ShowsChange { get; init; }

    /// <summary>Whether the own session continues under a new id.</summary>
    public bool RenewsOwn { get; init; }

    /// <summary>Whether the user can sign in with the password alone afterwards.</summary>
    public bool AllowsSignIn { get; init; } = true;

    /// <summary>Whether the database shows that the action took place.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>Whether a process of its own performs it.</summary>
    public bool IsCommand { get; init; }
}
