using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Accounts;

internal sealed class UserNameLength : IUserValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) =>
        Task.FromResult(user.UserName?.Length > AccountOptions.MaxUserNameLength
            ? IdentityResult.Failed(new IdentityError
            {
                Code = nameof(UserNameLength),
                Description = $"A user name may have at most {AccountOptions.MaxUserNameLength} characters.",
            })
            : IdentityResult.Success);
}
