using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Adds accounts. Nothing else does.</summary>
internal sealed class NewAccount(
    AppDbContext database, UserManager<Account> accounts, NewPassword passwords, AuditLog audit, TimeProvider time)
{
    /// <summary>
    /// Adds an account with its roles, or nothing. If the name is taken, the result is an error, even if two nodes add
    /// it at the same time.
    /// </summary>
    /// <param name="userName">The user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="roles">The roles.</param>
    /// <param name="email">The email address, if any.</param>
    /// <param name="unless">A condition that refuses the addition, evaluated in its transaction.</param>
    /// <param name="reason">The reason for the audit log. Null if an administrator adds the account.</param>
    /// <param name="isDemo">
    /// Whether the password is published: the account can then sign in only in Development.
    /// </param>
    /// <param name="cancellationToken">Cancels the addition.</param>
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
        if (await passwords.ValidateAsync(account, password) is { } refused)
            return refused;
        // Before the transaction, because hashing is slow and the transaction blocks other writers.
        account.PasswordHash = await passwords.HashAsync(account, password, cancellationToken);

        await using var transaction = await database.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, cancellationToken);
        if (unless is not null && await unless())
        {
            return IdentityResult.Failed(
                new IdentityError { Code = "TooLate", Description = "An administrator already exists." });
        }

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
        catch (DbUpdateException)
        {
            // Probably another transaction added the name first.
            await transaction.RollbackAsync(cancellationToken);
            database.ChangeTracker.Clear();
            if (await accounts.FindByNameAsync(userName) is null)
                throw;
            return IdentityResult.Failed(accounts.ErrorDescriber.DuplicateUserName(userName));
        }
    }
}
