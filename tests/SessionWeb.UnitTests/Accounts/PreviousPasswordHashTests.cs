using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.UnitTests.Accounts;

/// <summary>A password hash that revision 3e95a5e wrote.</summary>
public sealed class PreviousPasswordHashTests
{
    private const string Password = "correct horse battery alice";
    private const string Hash = "$2b$10$UMGeHjIxUK2Aj1M.vo8hXeZ77ZnFyCR64NWifUCXqibSOGiWoOBZ2";

    [Fact]
    public void Hash_of_the_previous_revision_verifies()
    {
        var hasher = new BcryptPasswordHasher(Options.Create(new AccountOptions { BcryptCost = 10 }));
        Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(new(), Hash, Password));
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(new(), Hash, Password + " "));
    }
}
