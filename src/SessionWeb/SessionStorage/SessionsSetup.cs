using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Nodes;
using SessionWeb.Sessions;
using StackExchange.Redis;

namespace SessionWeb.SessionStorage;

/// <summary>Sign-in cookies, the store behind them, and the keys that protect them.</summary>
internal static partial class SessionsSetup
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        var redis = RedisSetting(builder.Configuration);
        var sessions = builder.Services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => Configure(options, builder.Environment.IsDevelopment()))
            .AddServerSideSessions(builder.Configuration.GetSection("Sessions").Bind)
            .RefreshClaimsWith<CurrentClaims>();
        if (redis is null)
            sessions.UseStore<DatabaseSessionStore>().Services.AddHostedService<PendingRevocationsAtStartup>();
        else
            sessions.UseRedis(redis);
        sessions.AddRevocationJournal<DatabaseRevocationJournal>();

        builder.Services.AddOptions<SessionsOptions>().Configure<Node>((options, node) => options.NodeName = node.Name);
        builder.Services.AddAuthorizationBuilder().AddPolicy(Roles.Admin, policy => policy.RequireRole(Roles.Admin).AddRequirements(new CurrentAdministrator()));
        AddKeyRing(builder, redis);
    }

    private static void Configure(CookieAuthenticationOptions options, bool development)
    {
        options.LoginPath = "/account/login";
        options.ReturnUrlParameter = "returnUrl";
        options.Cookie.Name = "sid";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = development ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.Events.OnRedirectToLogin = context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api"))
                context.Response.Redirect(context.RedirectUri);
            else
                return AnswerAsync(context.Response, StatusCodes.Status401Unauthorized, "not_signed_in");
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = async context =>
        {
            var denied = context.HttpContext.RequestServices.GetRequiredService<DeniedRequestRecorder>();
            var status = await denied.RecordAsync(context.HttpContext) ? StatusCodes.Status403Forbidden : StatusCodes.Status429TooManyRequests;
            if (context.Request.Path.StartsWithSegments("/api"))
                await AnswerAsync(context.Response, status, status == StatusCodes.Status403Forbidden ? "forbidden" : "throttled");
            else
                context.Response.StatusCode = status;
        };
    }

    private static Task AnswerAsync(HttpResponse response, int status, string error)
    {
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new { error });
    }

    private static string? RedisSetting(ConfigurationManager configuration)
    {
        if (configuration.GetConnectionString("Redis") is not { Length: > 0 } redis)
            return null;
        try
        {
            if (ConfigurationOptions.Parse(redis).EndPoints.Count > 0)
                return redis;
        }
        catch (ArgumentException)
        {
        }
        throw new StartupException("ConnectionStrings:Redis makes no sense; it takes host:port and options, such as localhost:6379,password=….");
    }

    private static void AddKeyRing(WebApplicationBuilder builder, string? redis)
    {
        var keys = builder.Services.AddDataProtection().SetApplicationName("SessionWeb");
        if (redis is null)
            builder.Services.AddOptions<KeyManagementOptions>().Configure<DataDirectory, ILoggerFactory>((options, data, logger) =>
                options.XmlRepository = new FileSystemXmlRepository(new(data.KeysPath), logger));
        else
            keys.PersistKeysToRedis(redis);

        var current = LoadCertificate(builder.Configuration, "DataProtection:Certificate", "DataProtection:CertificatePassword");
        var former = builder.Configuration.GetSection("DataProtection:FormerCertificates").GetChildren()
            .Select(one => LoadCertificate(builder.Configuration, $"{one.Path}:Path", $"{one.Path}:Password")
                ?? throw new StartupException($"{one.Path}:Path is missing; it takes a readable PKCS#12 file."));
        if (current is not null)
            keys.ProtectKeysWithCertificate(current);
        else
            builder.Services.AddHostedService<PlainKeysWarning>();
        keys.UnprotectKeysWithAnyCertificate([.. former.Prepend(current).OfType<X509Certificate2>()]);
    }

    /// <returns>Null if the setting is not there.</returns>
    private static X509Certificate2? LoadCertificate(ConfigurationManager configuration, string setting, string passwordSetting)
    {
        if (configuration[setting] is not { Length: > 0 } path)
            return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration[passwordSetting]);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new StartupException($"{setting} is '{path}'; it takes a certificate with an RSA private key.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{setting} is '{path}'; it takes a readable PKCS#12 file and its password: {failure.Message}", failure);
        }
    }

    private sealed partial class PlainKeysWarning(ILogger<PlainKeysWarning> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Plain(logger);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(1, LogLevel.Warning, "The data-protection keys are not encrypted where they are kept; DataProtection:Certificate changes that.")]
        private static partial void Plain(ILogger logger);
    }
}
