namespace SessionWeb.Checker.Faults;

/// <summary>Something that happens to nodes, connections or Redis, and its end.</summary>
/// <param name="Name">As the report names it.</param>
/// <param name="HappenAsync">Returns once the fault has ended.</param>
/// <param name="Combines">Whether Redis may stop at the same time.</param>
internal sealed record Fault(string Name, Func<Task> HappenAsync, bool Combines = false);
