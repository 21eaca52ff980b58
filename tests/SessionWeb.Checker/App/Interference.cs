namespace SessionWeb.Checker.App;

/// <summary>What is done while a process performs an action; by itself nothing.</summary>
internal class Interference
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes as soon as the process has answered, or is dead.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Whether the process was killed.</summary>
    public virtual bool HasKilled => false;

    /// <summary>The action begins now.</summary>
    /// <param name="proxy">Between the performing process and Redis.</param>
    /// <param name="kill">Kills that process.</param>
    public virtual void Begin(Proxy proxy, Action kill)
    {
    }

    public virtual void End() => _answered.TrySetResult();
}
