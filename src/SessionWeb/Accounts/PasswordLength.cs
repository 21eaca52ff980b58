using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Validates the length of passwords, which is the only rule. SP 800-63B-4 counts each code point as one character.
/// </summary>
internal sealed class PasswordLength(IOptions<AccountOptions> options) : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        var min = options.Value.PasswordMinLength;
        return Task.FromResult(password switch
        {
            { Length: > AccountOptions.MaxPasswordLength } =>
                Refuse($"A password can have at most {AccountOptions.MaxPasswordLength} characters."),
            not null when password.EnumerateRunes().Count() >= min => IdentityResult.Success,
            _ => Refuse($"A password needs at least {min} characters. All characters are allowed, including spaces."),
        });
    }

    private static IdentityResult Refuse(string message) =>
        IdentityResult.Failed(new IdentityError { Code = nameof(PasswordLength), Description = message });
}
