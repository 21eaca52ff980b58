using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionWeb.Data;
using SessionWeb.Hosting;

namespace SessionWeb.Accounts;

internal static class AccountServices
{
    /// <summary>Adds the accounts, their database, and the check of credentials.</summary>
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountOptions>().BindConfiguration("Accounts");
        services.AddDatabase();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("accounts");
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.AddIdentity();
        services.AddScoped<NewAccount>().AddScoped<NewPassword>().AddScoped<SetupTokens>();
        services.AddScoped<SignIn>().AddScoped<SignInLimit>();
        services.AddScoped<SignInCode>().AddScoped<TwoFactorCodes>().AddScoped<AuthenticatorKeys>();
        services.AddScoped<DemoAccounts>().AddScoped<DemoPasswords>();
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        // Before AddIdentityCore, which adds its own hasher only if there is none.
        services.AddSingleton<BcryptPasswordHasher>();
        services.AddSingleton<IPasswordHasher<Account>>(
            provider => provider.GetRequiredService<BcryptPasswordHasher>());
        services.AddSingleton<PasswordHashQueue>();
        services.AddScoped<IPasswordValidator<Account>, PasswordLength>();
        services.AddIdentityCore<Account>(options =>
        {
            options.User.RequireUniqueEmail = false;
            options.Lockout.MaxFailedAccessAttempts = 10;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            options.ClaimsIdentity.UserIdClaimType = AccountClaims.Id;
            options.ClaimsIdentity.UserNameClaimType = AccountClaims.Name;
            options.ClaimsIdentity.RoleClaimType = AccountClaims.Role;
        }).AddUserValidator<UserNameLength>().AddRoles<IdentityRole>().AddEntityFrameworkStores<AppDbContext>();
        services.AddScoped<IUserClaimsPrincipalFactory<Account>, AccountClaims>();
    }

    /// <summary>
    /// Prepares the database. Adds the demo accounts in Development; elsewhere warns about demo passwords.
    /// </summary>
    /// <exception cref="StartupException">A setting is invalid, or the database is unusable.</exception>
    public static async Task PrepareAccountsAsync(this WebApplication app)
    {
        await app.Services.PrepareAccountsDatabaseAsync();
        await using var scope = app.Services.CreateAsyncScope();
        if (app.Environment.IsDevelopment())
            await scope.ServiceProvider.GetRequiredService<DemoAccounts>().AddMissingAsync();
        else
            await scope.ServiceProvider.GetRequiredService<DemoPasswords>().WarnAsync();
    }

    /// <summary>
    /// Opens the database, migrates it, and marks the demo accounts in it. Commands need no more than this.
    /// </summary>
    /// <inheritdoc cref="PrepareAccountsAsync"/>
    public static async Task PrepareAccountsDatabaseAsync(this IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<AccountOptions>>().Value.Problem is { } problem)
            throw new StartupException(problem);
        await services.PrepareDatabaseAsync();
        if (services.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return;
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DemoPasswords>().MarkAsync();
    }
}
