using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.App;

/// <summary>Injects a fault while a process performs an action. This base class injects none.</summary>
internal class FaultInjector
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the process has answered or was killed.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Completes when the fault has ended.</summary>
    public virtual Task Ended => Task.CompletedTask;

    /// <summary>Whether the fault has killed the process.</summary>
    public virtual bool HasKilled => false;

    /// <summary>Called immediately before the action starts.</summary>
    /// <param name="proxy">The proxy between the process and Redis.</param>
    /// <param name="kill">Kills the process.</param>
    public virtual void OnStarting(RedisProxy proxy, Action kill)
    {
    }

    /// <summary>Called when the action is answered or has failed. It may be called again.</summary>
    public virtual void OnAnswered() => _answered.TrySetResult();
}
