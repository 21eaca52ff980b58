using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Administration;

/// <summary>
/// Errors that an administrator's change of an account can have besides those of ASP.NET Core Identity.
/// </summary>
internal static class AccountErrors
{
    public static IdentityError NoAccount =>
        new() { Code = nameof(NoAccount), Description = "There is no such account." };

    public static IdentityError LastAdministrator => new()
    {
        Code = nameof(LastAdministrator),
        Description = "This is the last administrator who can sign in. "
            + "Add the administrator role to another account first.",
    };
}
