using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Faults;

/// <summary>A fault that begins with an action or later, and ends after some time or with the answer.</summary>
/// <param name="start">Begins the fault.</param>
/// <param name="stop">Ends it.</param>
/// <param name="after">How long after the action has begun.</param>
/// <param name="length">How long it lasts; null means until the action is answered.</param>
internal sealed class ActionFault(Action start, Action stop, TimeSpan after, TimeSpan? length) : Interference
{
    /// <summary>Completes when the fault has ended.</summary>
    public Task Over { get; private set; } = Task.CompletedTask;

    public override void Begin(Proxy proxy, Action kill)
    {
        if (after == TimeSpan.Zero)
            start();
        Over = LastAsync();
    }

    private async Task LastAsync()
    {
        if (after > TimeSpan.Zero)
        {
            await Task.Delay(after);
            start();
        }
        await (length is { } limited ? Task.Delay(limited) : Answered);
        stop();
    }
}
