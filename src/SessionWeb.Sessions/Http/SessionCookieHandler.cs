using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// The stock cookie handler, with its own way of reading: an <see cref="ISessionReader"/> knows the session or asks the store, and a session
/// that has ended, or cannot be looked up, is answered here, before anything else of the app runs. Signing in and out, challenges, events
/// and cookie flags stay the stock handler's.
/// </summary>
internal sealed class SessionCookieHandler(
    IOptionsMonitor<CookieAuthenticationOptions> cookieOptions,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionCookieServices services)
    : CookieAuthenticationHandler(cookieOptions, logger, encoder), IAuthenticationRequestHandler
{
    private static readonly Task<bool> NotHandled = Task.FromResult(false);

    private Presented? _presented;
    private Renewed? _renewed;

    /// <summary>The session's new id, which the response carries unless the request signs in or out.</summary>
    private sealed record Renewed(SessionToken Token, Session Session);

    /// <summary>What the request's cookie stands for. Nothing at all for a stranger.</summary>
    private readonly record struct Presented(SessionKey? Key, LoadedSession? Known = null, SessionStoreUnavailableException? Unavailable = null)
    {
        public Session? Session => Known?.Read.Session;

        public bool HasEnded => Known is { Read.Session: null };
    }

    /// <inheritdoc/>
    /// <remarks>Nothing to do when the response starts: the stock handler would renew the cookie there, and expiry is the store's.</remarks>
    protected override Task InitializeHandlerAsync() => Task.CompletedTask;

    public Task<bool> HandleRequestAsync()
    {
        // An error page that is being made in place of an answer is anybody's: it does not ask the store again, and is not refused like
        // the request, whose handler this still is. Its status is there before it; all others begin with 200, and are not asked for features.
        if (Response.StatusCode >= StatusCodes.Status400BadRequest
            && (Context.Features.Get<IStatusCodeReExecuteFeature>() is not null || Context.Features.Get<IExceptionHandlerFeature>() is not null))
        {
            _presented = default(Presented);
            return NotHandled;
        }
        // Nearly all requests come with a session that is remembered; nothing need be waited for then.
        var presenting = PresentedAsync();
        return _presented is { Session: not null } ? NotHandled : AnswerAsync(presenting);
    }

    private async Task<bool> AnswerAsync(ValueTask<Presented> presenting)
    {
        var presented = await presenting;
        if (presented.Unavailable is { } unavailable)
        {
            SessionCookieLog.StoreUnavailable(Logger, unavailable);
            await SessionResponses.UnavailableAsync(Context, services.Options);
            return true;
        }
        var tells = Request.Path == Options.LoginPath || Request.Path == services.Options.SignedOutPath;
        if (!presented.HasEnded)
        {
            if (tells && presented.Key is null && services.EndCookie.Read(Context, Options) is { } noted)
                Context.Features.Set(new RequestSession(null, null, noted));
            return false;
        }

        var ending = presented.Known?.Read.End ?? new SessionEnd(SessionEndReasons.Expired);
        Context.Features.Set(new RequestSession(null, null, ending) { Ended = presented.Known?.Read.End is null ? null : presented.Key });
        if (Request.Path == Options.LoginPath && !HttpMethods.IsGet(Request.Method) || Has<EventStream.Metadata>())
            return false;
        Options.CookieManager.DeleteCookie(Context, Options.Cookie.Name!, Options.Cookie.Build(Context));
        if (tells)
            return false;
        if (!Request.Path.StartsWithSegments(services.Options.ApiPath))
            services.EndCookie.Append(Context, Options, ending);
        await SessionResponses.EndedAsync(Context, services.Options, ending, Options);
        return true;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = await PresentedAsync();
        if (presented.Unavailable is { } unavailable)
            return AuthenticateResult.Fail(unavailable);
        if (presented.Key is null)
            return AuthenticateResult.NoResult();
        if (presented.Session is not { } session)
            return AuthenticateResult.Fail("The session has ended.");
        if (presented.Known!.Ticket is not { } known)
            return AuthenticateResult.Fail("The session's ticket cannot be read.");

        // A copy: what a request does to its principal is no other request's business.
        var ticket = known.Clone();
        if (presented.Known.Read.CurrentClaimsVersion is { } claimsVersion)
        {
            var (fresh, renewed) = await services.Refresh.RefreshAsync(session, ticket, claimsVersion, !Response.HasStarted, Context.RequestAborted);
            if (fresh is null)
                return AuthenticateResult.Fail("The account may not be signed in any more.");
            ticket = fresh;
            if (renewed is { } token)
            {
                session = session with { Key = token.Key };
                _renewed = new(token, session);
                // As late as possible: an error page clears the headers that are set before.
                Response.OnStarting(AppendRenewedCookieAsync);
            }
        }
        var context = new CookieValidatePrincipalContext(Context, Scheme, Options, ticket);
        await Events.ValidatePrincipal(context);
        if (context.Principal is null)
            return AuthenticateResult.Fail("The app refused the principal.");

        if (services.Activity.IsDue(presented.Known) && !Has<PassiveSessionAttribute>())
            services.Activity.Record(presented.Known);
        Context.Features.Set(new RequestSession(session.Key, session));
        return AuthenticateResult.Success(new(context.Principal, context.Properties, Scheme.Name));
    }

    private Task AppendRenewedCookieAsync()
    {
        if (_renewed is not var (token, session))
            return Task.CompletedTask;
        var cookie = Options.Cookie.Build(Context);
        if (session.Persistent)
            cookie.Expires = session.ExpiresAt;
        Options.CookieManager.AppendResponseCookie(Context, Options.Cookie.Name!, services.Protector.Protect(token), cookie);
        // Any response may carry the cookie, so no cache may keep it, whatever its endpoint says.
        Response.Headers.CacheControl = "no-cache,no-store";
        return Task.CompletedTask;
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        var presented = await PresentedAsync();
        if (presented.Unavailable is { } unavailable)
            throw unavailable;

        // The new session first: if the store fails in between, nobody has lost one.
        await base.HandleSignInAsync(user, properties);
        _renewed = null;
        if (presented.Session is not { } old || Context.Features.Get<RequestSession>() is not { } begun)
            return;
        var ended = await services.Store.EndAsync(old.Key.Account, old.Handle, Replaced, CancellationToken.None);
        Context.Features.Set(begun with
        {
            Replaced = ended.Ended > 0 ? [.. begun.Replaced, old.Handle] : begun.Replaced,
            Revocation = begun.Revocation?.Combine(ended) ?? ended,
        });
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        var presented = await PresentedAsync();
        if (presented.Unavailable is { } unavailable)
            throw unavailable;

        // Not the request's cancellation: a person who closes the tab is signed out all the same.
        if (presented.Session is { } session)
        {
            var ended = await services.Store.EndAsync(session.Key.Account, session.Handle, new(SessionEndReasons.SignedOut), CancellationToken.None);
            Context.Features.Set((Context.Features.Get<RequestSession>() ?? new(session.Key, session)) with { Revocation = ended });
        }
        await base.HandleSignOutAsync(properties);
        _renewed = null;
    }

    private SessionEnd Replaced => new(SessionEndReasons.Replaced, DeviceName.FromUserAgent(Request.Headers.UserAgent.ToString()));

    private bool Has<TMetadata>() where TMetadata : class => Context.GetEndpoint()?.Metadata.GetMetadata<TMetadata>() is not null;

    private ValueTask<Presented> PresentedAsync() => _presented is { } presented ? new(presented) : FindAsync();

    private ValueTask<Presented> FindAsync()
    {
        // Without keys there are no forms either, so strangers wait, too.
        if (!services.Keys.IsReady)
            return new(new Presented(null, null, new("The data-protection key ring cannot be read yet.")));
        // A session that is remembered is looked up by the header itself: copying its cookie would be most of what this allocates.
        var value = Options.CookieManager is HostPrefixedCookies cookies ? cookies.FindInHeader(Context, Options.Cookie.Name!) : default;
        if (value.IsEmpty)
            value = Options.CookieManager.GetRequestCookie(Context, Options.Cookie.Name!);
        if (value.IsEmpty)
            return default;
        // Who is sent to the page of ended sessions knows of an ending that may be news to this node: no memory is asked there.
        if (Request.Path == services.Options.SignedOutPath
            || services.Reader.Find(value) is not { Read.Session: { } session } known || !IsOfScheme(known))
            return new(ReadAsync(value.ToString()));
        var presented = new Presented(session.Key, known);
        _presented = presented;
        return new(presented);
    }

    private bool IsOfScheme(LoadedSession known) =>
        known.Ticket is not { } ticket || ticket.AuthenticationScheme == Scheme.Name;

    private async Task<Presented> ReadAsync(string cookie)
    {
        var presented = await AskAsync(cookie);
        _presented = presented;
        return presented;
    }

    private async Task<Presented> AskAsync(string cookie)
    {
        try
        {
            if (await services.Protector.UnprotectAsync(cookie, Context.RequestAborted) is not { } token)
                return default;
            var known = await services.Reader.ReadAsync(token.Key, cookie, Context.RequestAborted);
            // A former id is treated as anonymous; its cookie stays, because a late response must not delete the newer one.
            return IsOfScheme(known) && known.Read.RenewedKey is null ? new(token.Key, known) : default;
        }
        catch (Exception failure) when (SessionStoreUnavailableException.IsCauseOf(failure))
        {
            return new(null, null, failure as SessionStoreUnavailableException ?? new(failure.Message, failure));
        }
    }
}
