using Microsoft.AspNetCore.Identity;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Validates what Identity does not: the length of a user name, and that it begins with a letter or a digit. On the
/// command line, a name such as <c>--all</c> would be an option.
/// </summary>
internal sealed class UserNameLength : IUserValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) =>
        Task.FromResult(user.UserName switch
        {
            { Length: > AccountOptions.MaxUserNameLength } =>
                Refuse($"A user name can have at most {AccountOptions.MaxUserNameLength} characters."),
            [var first, ..] when !char.IsAsciiLetterOrDigit(first) =>
                Refuse("A user name must begin with a letter or a digit."),
            _ => IdentityResult.Success,
        });

    private static IdentityResult Refuse(string message) =>
        IdentityResult.Failed(new IdentityError { Code = nameof(UserNameLength), Description = message });
}
