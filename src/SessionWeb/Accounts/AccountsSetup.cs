using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

internal static class AccountsSetup
{
    /// <summary>The database, the accounts in it, and <see cref="SignIn"/>.</summary>
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountOptions>().BindConfiguration("Accounts");
        services.AddDatabase();
        services.AddDataProtection();
        // Before Identity's own, which keep out where something is there already.
        services.AddSingleton<BcryptPasswordHasher>();
        services.AddSingleton<IPasswordHasher<Account>>(provider => provider.GetRequiredService<BcryptPasswordHasher>());
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
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ListeningAddress>();
        services.AddScoped<NewAccount>();
        services.AddScoped<SignInLimit>();
        services.AddScoped<SignIn>();
        services.AddScoped<AuthenticatorKeys>();
        services.AddScoped<TwoFactorCodes>();
        services.AddScoped<SignInCode>();
        services.AddScoped<DemoAccounts>();
        services.AddScoped<DemoPasswords>();
        services.AddScoped<SetupLink>();
    }

    /// <summary>Opens the database and sees to it that somebody can sign in: demo accounts in Development, else the setup link.</summary>
    /// <exception cref="StartupException">A setting makes no sense, or the database cannot be used.</exception>
    public static async Task PrepareAccountsAsync(this WebApplication app)
    {
        await app.Services.PrepareAccountsDatabaseAsync();
        await using var scope = app.Services.CreateAsyncScope();
        if (app.Environment.IsDevelopment())
        {
            await scope.ServiceProvider.GetRequiredService<DemoAccounts>().AddMissingAsync();
            return;
        }
        await scope.ServiceProvider.GetRequiredService<DemoPasswords>().WarnAsync();
        await scope.ServiceProvider.GetRequiredService<SetupLink>().TellIfNeededAsync();
    }

    /// <summary>Opens the database and marks demo accounts in it: what a command needs.</summary>
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
