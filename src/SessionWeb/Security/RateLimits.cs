using System.Threading.RateLimiting;
using SessionWeb.Sessions;

namespace SessionWeb.Security;

/// <summary>Limits forms that cost a user nothing to post and that write to the audit log each time.</summary>
internal static class RateLimits
{
    /// <summary>The policy for endpoints: 60 posts per minute and account on each node.</summary>
    public const string Posts = "posts";

    private const int PostsPerMinute = 60;

    public static void AddRateLimits(this WebApplicationBuilder builder) => builder.Services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var delay))
            {
                rejected.HttpContext.Response.Headers.RetryAfter =
                    Math.Max(1, (int)Math.Ceiling(delay.TotalSeconds)).ToString();
            }

            return ValueTask.CompletedTask;
        };
        options.AddPolicy(Posts, static context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(
                context.GetSession()?.AccountId ?? "",
                static _ => new() { PermitLimit = PostsPerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter(""));
    });
}
