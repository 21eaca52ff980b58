using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using SessionWeb.Accounts;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>A user with the same claims in the app and its peers, in the form of the app's claims.</summary>
internal static class BenchmarkUser
{
    private const string Role = "member";

    public static string IdOf(string name) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    public static ClaimsPrincipal PrincipalOf(string name)
    {
        Claim[] claims =
        [
            new(AccountClaims.Id, IdOf(name)), new(AccountClaims.Name, name), new(AccountClaims.Role, Role),
        ];
        return new(new ClaimsIdentity(claims, "password", AccountClaims.Name, AccountClaims.Role));
    }
}
