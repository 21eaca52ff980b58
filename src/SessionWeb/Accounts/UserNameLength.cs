using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Accounts;

/// <summary>
/// What Identity does not check of a user name: its length, and that it begins with a letter or a digit. A name such as <c>--all</c>
/// would be an option on the command line.
/// </summary>
internal sealed class UserNameLength : IUserValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) => Task.FromResult(user.UserName switch
    {
        { Length: > AccountOptions.MaxUserNameLength } => Refuse($"A user name can have at most {AccountOptions.MaxUserNameLength} characters."),
        [var first, ..] when !char.IsAsciiLetterOrDigit(first) => Refuse("A user name must begin with a letter or a digit."),
        _ => IdentityResult.Success,
    });

    private static IdentityResult Refuse(string sentence) =>
        IdentityResult.Failed(new IdentityError { Code = nameof(UserNameLength), Description = sentence });
}
