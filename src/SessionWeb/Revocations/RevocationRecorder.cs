using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>Records revocations in the current transaction of <see cref="AppDbContext"/>.</summary>
internal sealed class RevocationRecorder(AppDbContext database, TimeProvider time)
{
    /// <exception cref="ArgumentException">A handle is malformed.</exception>
    /// <inheritdoc cref="RecordedRevocation.InsertAsync"/>
    public Task<RecordedRevocation> RecordAsync(RevocationRequest request, CancellationToken cancellationToken)
    {
        foreach (var handle in new[] { request.Handle, request.KeptHandle })
        {
            if (handle is not null && !SessionKey.IsHandle(handle))
                throw new ArgumentException($"'{handle}' is not a session handle.", nameof(request));
        }

        return RecordedRevocation.InsertAsync(database, request, time.GetUtcNow(), cancellationToken);
    }
}
