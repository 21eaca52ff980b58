using Microsoft.Extensions.Logging.Abstractions;
using SessionWeb.Accounts;

namespace SessionWeb.UnitTests.Accounts;

public sealed class PasswordQueueTests : IDisposable
{
    private readonly PasswordHashQueue _queue = new(NullLogger<PasswordHashQueue>.Instance);
    private readonly ManualResetEventSlim _done = new();
    private int _running;
    private int _most;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_are_hashed_at_once_as_there_are_processors_and_only_so_many_wait()
    {
        var hashed = Enumerable.Range(0, Environment.ProcessorCount + PasswordHashQueue.Longest - 1).Select(_ => HashAsync(Cancel)).ToList();
        using var impatient = new CancellationTokenSource();
        var left = HashAsync(impatient.Token);

        await Assert.ThrowsAsync<PasswordHashQueueFullException>(() => HashAsync(Cancel));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        hashed.Add(HashAsync(Cancel));

        await Eventually.TrueAsync(() => Volatile.Read(ref _running) == Environment.ProcessorCount, "as many are hashed as can be");
        _done.Set();
        Assert.All(await Task.WhenAll(hashed), Assert.True);
        Assert.Equal(Environment.ProcessorCount, _most);
    }

    [Fact]
    public async Task What_fails_gives_its_turn_to_the_next()
    {
        _done.Set();
        for (var i = 0; i < 3 * Environment.ProcessorCount; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => _queue.RunAsync<bool>(() => throw new InvalidOperationException(), Cancel));
        Assert.True(await HashAsync(Cancel));
    }

    public void Dispose()
    {
        _done.Set();
        _queue.Dispose();
        _done.Dispose();
    }

    private Task<bool> HashAsync(CancellationToken cancellationToken) => _queue.RunAsync(() =>
    {
        lock (_done)
            _most = Math.Max(_most, Interlocked.Increment(ref _running));
        _done.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
        Interlocked.Decrement(ref _running);
        return true;
    }, cancellationToken);
}
