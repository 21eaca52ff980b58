using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>An action of a user, an administrator or the command line that affects sessions.</summary>
/// <param name="Name">The name on the checker's command line.</param>
/// <param name="PerformAsync">Performs the action at a node while a fault is injected.</param>
internal sealed record AppAction(
    string Name, Func<AppFarm, AppNode, TestAccount, FaultInjector, Task<ActionReply>> PerformAsync)
{
    /// <summary>All actions of the app that affect sessions.</summary>
    public static IReadOnlyList<AppAction> All => [.. AdminActions.All, .. UserActions.All, .. CommandLineActions.All];

    /// <param name="names">The names of actions; empty for all.</param>
    /// <exception cref="ArgumentException">There is no action of that name.</exception>
    public static IReadOnlyList<AppAction> Named(IReadOnlyCollection<string> names) => names.Count == 0
        ? All
        : [.. names.Select(name => All.FirstOrDefault(action => action.Name == name)
            ?? throw new ArgumentException($"There is no action '{name}'.", nameof(names)))];

    /// <summary>Brings the account into the state that the action requires.</summary>
    public Func<AppFarm, TestAccount, Task> PrepareAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The sessions that the action ends, or whose claims it changes. By default all.</summary>
    public Func<TestAccount, IEnumerable<string>> AffectedSessions { get; init; } = account => account.Sessions;

    /// <summary>Whether a session has the changed claims; null if the action ends sessions.</summary>
    public Func<TestAccount, SessionCheck, bool>? HasNewClaims { get; init; }

    /// <summary>Whether the current session continues under a new id.</summary>
    public bool RenewsCurrentSession { get; init; }

    /// <summary>Whether the user can sign in with the password alone afterwards.</summary>
    public bool AllowsSignIn { get; init; } = true;

    /// <summary>Whether the database shows that the action was performed.</summary>
    public bool ChangesDatabase { get; init; } = true;

    /// <summary>Whether a command-line process performs the action, and not a node.</summary>
    public bool RunsAsCommand { get; init; }
}
