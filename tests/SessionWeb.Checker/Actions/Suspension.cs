using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Actions;

/// <summary>Suspends another process during an action, until the action is answered.</summary>
/// <param name="suspend">Suspends the process.</param>
/// <param name="resume">Resumes it.</param>
internal sealed class Suspension(Action suspend, Action resume) : FaultInjector
{
    private readonly Lock _lock = new();
    private RedisProxy? _proxy;
    private Task _ended = Task.CompletedTask;

    /// <summary>The number of the action's command to Redis at which it begins; null for before the action.</summary>
    public int? AtCommand { get; init; }

    /// <summary>What it waits for after the answer.</summary>
    public Func<Task> LastsUntil { get; init; } = () => Task.CompletedTask;

    public override Task Ended => _ended;

    public override void OnStarting(RedisProxy proxy, Action kill)
    {
        _proxy = proxy;
        if (AtCommand is { } number)
            proxy.Trigger = new(number, Begin);
        else
            Begin();
    }

    public override void OnAnswered()
    {
        lock (_lock)
            base.OnAnswered();
        if (_proxy is not null)
            _proxy.Trigger = null;
    }

    private void Begin()
    {
        lock (_lock)
        {
            // The node also sends commands that are not the action's.
            if (Answered.IsCompleted)
                return;
            suspend();
            _ended = EndAsync();
        }
    }

    private async Task EndAsync()
    {
        await Answered;
        await LastsUntil();
        resume();
    }
}
