using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>The one place where accounts are added.</summary>
internal sealed class NewAccount(
    AppDbContext database, UserManager<Account> accounts, IPasswordHasher<Account> hasher, PasswordHashQueue queue, AuditLog audit, TimeProvider time)
{
    /// <summary>Adds an account with its roles, or nothing. A name that is taken is an error of the result, also when two add it at once.</summary>
    /// <param name="unless">Asked in the transaction that adds: true refuses.</param>
    /// <param name="isDemo">Whether the password is a published one, with which the account signs in only in Development.</param>
    /// <param name="reason">Why, for the audit log, where it is not somebody who administers.</param>
    public async Task<IdentityResult> AddAsync(
        string userName,
        string password,
        IReadOnlyCollection<string> roles,
        string? email = null,
        Func<Task<bool>>? unless = null,
        string? reason = null,
        bool isDemo = false,
        CancellationToken cancellationToken = default)
    {
        var account = new Account { UserName = userName, Email = email, CreatedAt = time.GetUtcNow(), IsDemo = isDemo };
        if (!EmailAddress.IsValid(email))
            return IdentityResult.Failed(accounts.ErrorDescriber.InvalidEmail(email));
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } refused)
                return refused;
        // Before the transaction: nobody should wait for this.
        account.PasswordHash = await queue.RunAsync(() => hasher.HashPassword(account, password), cancellationToken);

        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        if (unless is not null && await unless())
            return IdentityResult.Failed(new IdentityError { Code = "TooLate", Description = "An administrator already exists." });
        try
        {
            var result = await accounts.CreateAsync(account);
            if (result.Succeeded)
                result = await accounts.AddToRolesAsync(account, roles);
            if (!result.Succeeded)
                return result;
            await audit.WriteAsync(new()
            {
                Event = AuditEvents.AccountAdded,
                AccountId = account.Id,
                AccountName = userName,
                By = audit.Actor,
                Reason = reason,
                Details = string.Join(' ', roles),
            });
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (DbUpdateException) // somebody else's transaction added the name first
        {
            await transaction.RollbackAsync(cancellationToken);
            database.ChangeTracker.Clear();
            if (await accounts.FindByNameAsync(userName) is null)
                throw;
            return IdentityResult.Failed(accounts.ErrorDescriber.DuplicateUserName(userName));
        }
    }
}
