using SessionWeb;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Api;
using SessionWeb.Audit;
using SessionWeb.CommandLine;
using SessionWeb.Health;
using SessionWeb.Logging;
using SessionWeb.Nodes;
using SessionWeb.Pages;
using SessionWeb.Security;
using SessionWeb.SessionStorage;
using SessionWeb.Sessions;

return await Startup.GuardAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Configuration.AddOwnDefaults();
    builder.WebHost.UseStaticWebAssets();
    builder.AddLogLines();
    builder.AddNode();
    builder.AddAccounts();
    builder.AddAudit();
    builder.AddSessions();
    builder.AddAdministration();
    builder.AddSafeDefaults();
    builder.AddTrustedProxies();
    builder.AddRateLimits();
    builder.AddHealth();
    builder.AddPages();
    if (CommandLine.IsCommand(args))
        CommandLine.LogQuietly(builder);

    await using var app = builder.Build();
    if (CommandLine.IsCommand(args))
        return await CommandLine.RunAsync(args, app.Services);
    await app.PrepareAccountsAsync();

    app.UseTrustedProxies();
    app.UseNode();
    app.UseSafeHeaders();
    app.UseErrorPages();
    app.UseHealth();
    app.UseHttpsOnly();
    app.UseFormBuffering();
    app.UseRouting();
    app.UseExpiryOnRecord();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseRateLimiter();

    app.MapVersionedAssets();
    app.MapRazorPages();
    app.MapMe();
    app.MapSessionEvents();
    await app.RunAsync();
    return 0;
});
