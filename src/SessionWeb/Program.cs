using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Authentication;
using SessionWeb.CommandLine;
using SessionWeb.DataProtection;
using SessionWeb.Hosting;
using SessionWeb.Pages;
using SessionWeb.Revocations;
using SessionWeb.Security;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

return await StartupErrors.ReportAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Configuration.AddDefaultSettings();
    builder.WebHost.UseStaticWebAssets();
    builder.AddLineLogging();
    builder.AddNode();
    builder.AddAccounts();
    builder.AddAudit();
    builder.AddSessionAuthentication();
    builder.AddKeyRing();
    builder.AddRevocations();
    builder.AddAdministration();
    builder.AddSelfService();
    builder.AddSecurityDefaults();
    builder.AddTrustedProxies();
    builder.AddRateLimits();
    builder.AddPages();
    if (CommandRunner.IsCommand(args))
        builder.AddCommands();

    await using var app = builder.Build();
    if (CommandRunner.IsCommand(args))
        return await CommandRunner.RunAsync(args, app.Services);
    await app.PrepareAccountsAsync();
    await app.LogFirstSignInAsync();

    app.UseTrustedProxies();
    app.UseNodeHeader();
    app.UseSecurityHeaders();
    app.UseErrorPages();
    app.UseHealthEndpoints();
    app.UseHttpsOnly();
    app.UseFormBuffering();
    app.UseRouting();
    app.UseExpiredSessionAudit();
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
