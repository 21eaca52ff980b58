using Microsoft.Extensions.Logging.Abstractions;
using SessionWeb.Accounts;

namespace SessionWeb.UnitTests.Accounts;

public sealed class PasswordHashQueueTests : IDisposable
{
    private readonly PasswordHashQueue _queue = new(NullLogger<PasswordHashQueue>.Instance);
    private readonly ManualResetEventSlim _release = new();
    private int _running;
    private int _maxRunning;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parallel_hashes_and_waiting_requests_are_limited()
    {
        var accepted = Enumerable.Range(0, Environment.ProcessorCount + PasswordHashQueue.MaxLength - 1)
            .Select(_ => HashAsync(Cancel)).ToList();
        using var cancellation = new CancellationTokenSource();
        var canceled = HashAsync(cancellation.Token);

        await Assert.ThrowsAsync<PasswordHashQueueFullException>(() => HashAsync(Cancel));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        accepted.Add(HashAsync(Cancel));

        await Wait.UntilAsync(
            () => Volatile.Read(ref _running) == Environment.ProcessorCount, "each processor hashes a password");
        _release.Set();
        Assert.All(await Task.WhenAll(accepted), Assert.True);
        Assert.Equal(Environment.ProcessorCount, _maxRunning);
    }

    [Fact]
    public async Task Failed_work_releases_its_place()
    {
        _release.Set();
        for (var i = 0; i < 3 * Environment.ProcessorCount; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => _queue.RunAsync<bool>(() => throw new InvalidOperationException(), Cancel));
        }

        Assert.True(await HashAsync(Cancel));
    }

    public void Dispose()
    {
        _release.Set();
        _queue.Dispose();
        _release.Dispose();
    }

    private Task<bool> HashAsync(CancellationToken cancellationToken) => _queue.RunAsync(() =>
    {
        lock (_release)
            _maxRunning = Math.Max(_maxRunning, Interlocked.Increment(ref _running));
        _release.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
        Interlocked.Decrement(ref _running);
        return true;
    }, cancellationToken);
}
