using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// The stock cookie handler with sessions in a store. It reads the session itself, and handles a request whose session
/// has ended or cannot be read before the app does. Sign-in, sign-out, challenges, events and cookie settings remain
/// the stock handler's.
/// </summary>
/// <remarks>
/// <c>UseAuthentication()</c> first calls <see cref="HandleRequestAsync"/>, which may respond, and then
/// <see cref="HandleAuthenticateAsync"/>, which sets the user. The session is read once per request.
/// </remarks>
internal sealed class SessionCookieHandler(
    IOptionsMonitor<CookieAuthenticationOptions> cookieOptions, ILoggerFactory logger, UrlEncoder encoder,
    SessionCookieServices services)
    : CookieAuthenticationHandler(cookieOptions, logger, encoder), IAuthenticationRequestHandler
{
    private static readonly Task<bool> NotHandled = Task.FromResult(false);

    private PresentedSession? _presented;
    private RenewedSession? _renewed;

    /// <summary>The result of the latest sign-in of the request.</summary>
    public SessionSignInResult? SignInResult { get; private set; }

    /// <summary>The result of the latest sign-out of the request; null if no live session ended.</summary>
    public RevocationResult? SignOutResult { get; private set; }

    /// <inheritdoc/>
    /// <remarks>
    /// Does nothing: the stock handler would renew the cookie when the response starts, but the store decides on
    /// expiry.
    /// </remarks>
    protected override Task InitializeHandlerAsync() => Task.CompletedTask;

    public Task<bool> HandleRequestAsync()
    {
        if (IsErrorPage())
        {
            // Shown to everyone. It must not read the store again, nor be refused as the request was.
            _presented = default(PresentedSession);
            return NotHandled;
        }
        // Nearly all requests have a cached session. Then nothing needs to be awaited.
        var reading = PresentedAsync();
        return _presented is { Session: not null } ? NotHandled : HandleAsync(reading);
    }

    /// <summary>Called by the ticket store that creates the session of a sign-in.</summary>
    public void SetSignInResult(SessionSignInResult result) => SignInResult = result;

    private async Task<bool> HandleAsync(ValueTask<PresentedSession> reading)
    {
        var presented = await reading;
        if (presented.Unavailable is { } unavailable)
        {
            SessionCookieLog.StoreUnavailable(Logger, unavailable);
            await SessionResponses.UnavailableAsync(Context, services.Options);
            return true;
        }
        var showsEnd = Request.Path == Options.LoginPath || Request.Path == services.Options.SignedOutPath;
        if (!presented.HasEnded)
        {
            if (showsEnd && presented.Key is null && services.EndCookie.Read(Context, Options) is { } former)
                Context.Features.Set(new SessionFeature(End: former));
            return false;
        }

        var end = presented.End ?? new SessionEnd(SessionEndReasons.Expired);
        Context.Features.Set(new SessionFeature(End: end, EndedKey: presented.End is null ? null : presented.Key));
        // A sign-in sets the cookie itself, and an event stream reports the end. Neither may delete a newer cookie.
        var isSignIn = Request.Path == Options.LoginPath && !HttpMethods.IsGet(Request.Method);
        if (isSignIn || Has<EventStream.Metadata>())
            return false;
        Options.CookieManager.DeleteCookie(Context, Options.Cookie.Name!, Options.Cookie.Build(Context));
        if (showsEnd)
            return false;
        if (!Request.Path.StartsWithSegments(services.Options.ApiPath))
            services.EndCookie.Append(Context, Options, end);
        await SessionResponses.EndedAsync(Context, services.Options, end, Options);
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
        if (presented.Loaded!.Ticket is not { } cached)
            return AuthenticateResult.Fail("The session's ticket cannot be read.");

        // A copy: the app may change the principal.
        var ticket = cached.Clone();
        if (presented.Loaded.Read.CurrentClaimsVersion is { } claimsVersion)
        {
            var (refreshed, renewed) = await services.Refresh.RefreshAsync(
                session, ticket, claimsVersion, canRenew: !Response.HasStarted, Context.RequestAborted);
            if (refreshed is null)
                return AuthenticateResult.Fail("The session has ended, or its account may no longer sign in.");
            ticket = refreshed;
            if (renewed is not null)
            {
                (session, _renewed) = (renewed.Session, renewed);
                // As late as possible: an error page clears the headers that were set before.
                Response.OnStarting(AppendRenewedCookieAsync);
            }
        }
        var context = new CookieValidatePrincipalContext(Context, Scheme, Options, ticket);
        await Events.ValidatePrincipal(context);
        if (context.Principal is null)
            return AuthenticateResult.Fail("The app rejected the principal.");

        if (services.Activity.IsDue(presented.Loaded) && !Has<PassiveSessionAttribute>())
            services.Activity.Record(presented.Loaded);
        Context.Features.Set(new SessionFeature(session.Key, session));
        return AuthenticateResult.Success(new(context.Principal, context.Properties, Scheme.Name));
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        var presented = await PresentedAsync();
        if (presented.Unavailable is { } unavailable)
            throw unavailable;

        // The base calls SessionTicketStore.StoreAsync, which creates the session and sets SignInResult; then
        // SessionTicketStore.Protect; then it sets the cookie. The new session comes first: if the store fails in
        // between, the former one is still there.
        await base.HandleSignInAsync(user, properties);
        _renewed = null;
        Context.Features.Set(new SessionFeature(SignInResult!.Key));
        // At the limit of sessions, it may have ended already.
        if (presented.Session is not { } former || SignInResult.Replaced.Contains(former.Handle))
            return;
        var replaced = new SessionEnd(SessionEndReasons.Replaced, Context.GetDevice());
        var ended = await services.Store.EndAsync(former.Key.Account, former.Handle, replaced, CancellationToken.None);
        SignInResult = SignInResult with
        {
            Former = ended.Ended > 0 || ended.Pending ? former : null,
            Revocation = SignInResult.Revocation?.Combine(ended) ?? ended,
        };
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        var presented = await PresentedAsync();
        if (presented.Unavailable is { } unavailable)
            throw unavailable;

        SignOutResult = presented.Session is { } session
            // Not canceled with the request: a user who closes the tab is signed out nevertheless.
            ? await services.Store.EndAsync(
                session.Key.Account, session.Handle, new(SessionEndReasons.SignedOut), CancellationToken.None)
            : null;
        await base.HandleSignOutAsync(properties);
        _renewed = null;
    }

    private Task AppendRenewedCookieAsync()
    {
        // A sign-in or sign-out since has set another cookie.
        if (_renewed is not { } renewed)
            return Task.CompletedTask;
        var cookie = Options.Cookie.Build(Context);
        if (renewed.Session.Persistent)
            cookie.Expires = renewed.Session.ExpiresAt;
        Options.CookieManager.AppendResponseCookie(Context, Options.Cookie.Name!, renewed.CookieValue, cookie);
        // Any response may carry the cookie, so it must not be cached, whatever its endpoint set.
        Response.Headers.CacheControl = "no-cache,no-store";
        return Task.CompletedTask;
    }

    /// <summary>Whether the app shows its error page in place of a response that failed.</summary>
    /// <remarks>Nearly all requests start with 200, so their features are not searched.</remarks>
    private bool IsErrorPage() => Response.StatusCode >= StatusCodes.Status400BadRequest
        && (Context.Features.Get<IStatusCodeReExecuteFeature>() is not null
            || Context.Features.Get<IExceptionHandlerFeature>() is not null);

    private bool Has<TMetadata>() where TMetadata : class =>
        Context.GetEndpoint()?.Metadata.GetMetadata<TMetadata>() is not null;

    private ValueTask<PresentedSession> PresentedAsync()
    {
        if (_presented is { } presented)
            return new(presented);
        var reading = services.Presented.ReadAsync(Context, Options);
        if (!reading.IsCompletedSuccessfully)
            return AwaitAsync(reading);
        _presented = reading.Result;
        return new(_presented.Value);
    }

    private async ValueTask<PresentedSession> AwaitAsync(ValueTask<PresentedSession> reading)
    {
        var presented = await reading;
        _presented = presented;
        return presented;
    }
}
