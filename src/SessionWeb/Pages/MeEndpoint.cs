using System.Security.Claims;
using SessionWeb.Accounts;
using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary><c>/api/me</c>: the current account and session as JSON.</summary>
internal static class MeEndpoint
{
    public static void MapMe(this WebApplication app) => app.MapGet("/api/me", Get).RequireAuthorization();

    private static Me Get(HttpContext context, ClaimsPrincipal user, NodeOptions node)
    {
        var session = context.GetSession()!;
        return new(
            session.AccountId, user.Identity!.Name!, [.. user.FindAll(AccountClaims.Role).Select(role => role.Value)],
            session.Handle, session.SignedInAt, session.IdleExpiresAt, session.ExpiresAt, node.PublicName);
    }
}

internal sealed record Me(
    string AccountId, string Account, string[] Roles, string Session,
    DateTimeOffset SignedInAt, DateTimeOffset IdleExpiresAt, DateTimeOffset ExpiresAt, string? Node);
