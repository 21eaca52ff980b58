namespace SessionWeb.Checker.Faults;

/// <summary>A fault of nodes, connections or Redis.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="InjectAsync">Injects the fault and completes when it has ended.</param>
/// <param name="CanCombine">Whether Redis may be suspended at the same time.</param>
internal sealed record Fault(string Name, Func<Task> InjectAsync, bool CanCombine = false);
