using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>
/// Records denied requests, and limits how much one account can write. The first request of a kind is recorded
/// immediately. Further ones of the same minute become one entry with their count when the minute is over or the node
/// stops. Counts are per node.
/// </summary>
/// <remarks>
/// If the process dies, the counts of the current minute are lost. The first entry of each kind is not.
/// </remarks>
internal sealed partial class DeniedRequestRecorder(
    IServiceScopeFactory scopes, TimeProvider time, ILogger<DeniedRequestRecorder> logger) : BackgroundService
{
    /// <summary>How many requests of an account a node denies per minute. It throttles further ones.</summary>
    public const int MaxPerMinute = 60;

    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AccountMinute> _current = [];
    private readonly List<AccountMinute> _over = [];

    /// <summary>Records that this request is denied.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reason">The reason, which determines the kind of the entry. Null if a role is missing.</param>
    /// <param name="details">Details besides the method and the path.</param>
    /// <returns>True to deny the request. False to throttle it: the response then has a Retry-After header.</returns>
    public async Task<bool> RecordAsync(HttpContext context, string? reason = null, string? details = null)
    {
        var session = context.GetSession();
        var entry = new AuditEntry
        {
            Event = AuditEvents.AccessDenied,
            AccountId = session?.AccountId,
            AccountName = context.User.Identity?.Name,
            SessionHandle = session?.Handle,
            IpAddress = context.GetIpAddress(),
            Device = context.GetDevice(),
            Reason = reason,
            Details = $"{context.Request.Method} {context.Request.Path}{details}",
        };
        var now = time.GetUtcNow();
        Denials denials;
        bool first, allowed;
        lock (_lock)
        {
            var minute = MinuteOf(entry.AccountId ?? "", now);
            allowed = ++minute.Total <= MaxPerMinute;
            first = minute.Count(entry, out denials);
            if (!allowed)
            {
                context.Response.Headers.RetryAfter =
                    Math.Max(1, (int)Math.Ceiling((minute.Start + Minute - now).TotalSeconds)).ToString();
            }
        }
        if (!first)
            return allowed;
        try
        {
            await context.RequestServices.GetRequiredService<AuditLog>().WriteAsync(entry);
            Denied(logger, entry.AccountName, context.Request.Method, context.Request.Path);
        }
        catch
        {
            // The request is counted among the further ones instead.
            lock (_lock)
                denials.Further++;
            throw;
        }
        return allowed;
    }

    /// <summary>Writes the counts of minutes that are over, or of all minutes.</summary>
    public async Task WriteCountsAsync(bool all = false)
    {
        List<AccountMinute> over;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var (account, minute) in _current.Where(pair => all || pair.Value.Start + Minute <= now).ToList())
            {
                _over.Add(minute);
                _current.Remove(account);
            }
            over = [.. _over.Where(minute => all || minute.Retry <= now)];
        }
        foreach (var minute in over)
            await WriteAsync(minute);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteCountsAsync(all: true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteCountsAsync();
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private AccountMinute MinuteOf(string account, DateTimeOffset now)
    {
        if (_current.TryGetValue(account, out var minute) && now < minute.Start + Minute)
            return minute;
        if (minute is not null)
            _over.Add(minute);
        return _current[account] = new(now);
    }

    private async Task WriteAsync(AccountMinute minute)
    {
        List<AuditEntry> entries;
        lock (_lock)
            entries = minute.Entries();
        try
        {
            if (entries.Count > 0)
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<AuditLog>().WriteAsync(entries[0], [.. entries.Skip(1)]);
                foreach (var entry in entries)
                    DeniedFurther(logger, entry.AccountName, entry.Count!.Value, entry.Details);
            }
            lock (_lock)
                _over.Remove(minute);
        }
        catch (Exception failure)
        {
            // The database may be full or unavailable. The counts are written later.
            lock (_lock)
                minute.Retry = time.GetUtcNow() + Minute;
            WritingFailed(logger, entries[0].AccountName, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Account} was denied {Method} {Path}.")]
    private static partial void Denied(ILogger logger, string? account, string method, string path);

    [LoggerMessage(2, LogLevel.Warning,
        "{Account} was denied {Count} more requests within a minute. The last one was {Last}.")]
    private static partial void DeniedFurther(ILogger logger, string? account, int count, string? last);

    [LoggerMessage(3, LogLevel.Error,
        "The count of denied requests of {Account} cannot be written to the audit log. It is retried in a minute.")]
    private static partial void WritingFailed(ILogger logger, string? account, Exception exception);

    /// <summary>The denied requests of one account within one minute.</summary>
    private sealed class AccountMinute(DateTimeOffset start)
    {
        private readonly Dictionary<string, Denials> _kinds = [];

        public DateTimeOffset Start { get; } = start;

        public DateTimeOffset Retry { get; set; } = DateTimeOffset.MinValue;

        public int Total { get; set; }

        /// <returns>Whether it is the first of its kind.</returns>
        public bool Count(AuditEntry entry, out Denials denials)
        {
            if (_kinds.TryGetValue(entry.Reason ?? "", out denials!))
            {
                denials.Further++;
                denials.Last = entry;
                return false;
            }
            denials = _kinds[entry.Reason ?? ""] = new() { Last = entry };
            return true;
        }

        public List<AuditEntry> Entries() =>
        [
            .. _kinds.Values.Where(denials => denials.Further > 0)
                .Select(denials => denials.Last with { Count = denials.Further }),
        ];
    }

    private sealed class Denials
    {
        /// <summary>How many came after the first one.</summary>
        public int Further { get; set; }

        public required AuditEntry Last { get; set; }
    }
}
