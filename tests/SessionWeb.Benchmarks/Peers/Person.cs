using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using SessionWeb.Accounts;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>Who signs in: the same claims everywhere, of the form that the app's own have.</summary>
internal static class Person
{
    private const string Role = "member";

    public static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    public static ClaimsPrincipal Principal(string name) => new(new ClaimsIdentity(
        [new(AccountClaims.Id, Id(name)), new(AccountClaims.Name, name), new(AccountClaims.Role, Role)], "password", AccountClaims.Name, AccountClaims.Role));
}
