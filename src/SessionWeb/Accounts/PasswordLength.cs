using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SessionWeb.Accounts;

/// <summary>The only rule for passwords is their length, in characters as people count them (63B-4: one per code point).</summary>
internal sealed class PasswordLength(IOptions<AccountOptions> options) : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        var min = options.Value.PasswordMinLength;
        return Task.FromResult(password switch
        {
            { Length: > AccountOptions.MaxPasswordLength } => Refuse($"A password can have at most {AccountOptions.MaxPasswordLength} characters."),
            not null when password.EnumerateRunes().Count() >= min => IdentityResult.Success,
            _ => Refuse($"A password needs at least {min} characters. All characters are allowed, including spaces."),
        });
    }

    private static IdentityResult Refuse(string sentence) => IdentityResult.Failed(new IdentityError { Code = nameof(PasswordLength), Description = sentence });
}
