using System.Security.Claims;
using SessionWeb.Accounts;
using SessionWeb.Nodes;
using SessionWeb.Sessions;

namespace SessionWeb.Api;

/// <summary><c>/api/me</c>: who is signed in, for programs.</summary>
internal static class MeApi
{
    public static void MapMe(this WebApplication app) => app.MapGet("/api/me", Answer).RequireAuthorization();

    private static Me Answer(HttpContext context, ClaimsPrincipal user, Node node)
    {
        var session = context.GetSession()!;
        return new(
            session.AccountId, user.Identity!.Name!, [.. user.FindAll(AccountClaims.Role).Select(role => role.Value)], session.Handle,
            session.SignedInAt, session.IdleExpiresAt, session.ExpiresAt, node.PublicName);
    }
}

internal sealed record Me(
    string AccountId, string Account, string[] Roles, string Session,
    DateTimeOffset SignedInAt, DateTimeOffset IdleExpiresAt, DateTimeOffset ExpiresAt, string? Node);
