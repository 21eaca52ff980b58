using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Actions;

/// <summary>A fault that starts with an action or after a delay, and ends after some time or with the answer.</summary>
/// <param name="start">Starts the fault.</param>
/// <param name="stop">Ends the fault.</param>
/// <param name="delay">The time between the start of the action and the start of the fault.</param>
/// <param name="duration">How long the fault lasts; null until the action is answered.</param>
internal sealed class TimedFault(Action start, Action stop, TimeSpan delay, TimeSpan? duration) : FaultInjector
{
    /// <summary>Completes when the fault has ended.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public override void OnStarting(RedisProxy proxy, Action kill)
    {
        if (delay == TimeSpan.Zero)
            start();
        Ended = RunAsync();
    }

    private async Task RunAsync()
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay);
            start();
        }
        await (duration is { } limited ? Task.Delay(limited) : Answered);
        stop();
    }
}
