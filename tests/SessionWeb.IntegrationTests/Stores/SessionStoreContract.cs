using System.Security.Cryptography;
using System.Text;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Http;

namespace SessionWeb.IntegrationTests.Stores;

/// <summary>The behavior of every session store. The store is empty when a test starts.</summary>
public abstract class SessionStoreContract
{
    private static readonly SessionEnd ByAdmin = new(
        SessionEndReasons.RevokedByAdmin, "admin", "Please sign in again.");

    protected abstract ISessionStore Store { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected static NewSession NewSession(string account = "alice", long generation = 0) => new()
    {
        Key = SessionToken.New(AccountTag.For(account)).Key,
        AccountId = account,
        AccountName = account.ToUpperInvariant(),
        Device = "Firefox on Linux",
        IpAddress = "192.0.2.7",
        Generation = generation,
        IdleTimeout = TimeSpan.FromMinutes(30),
        Lifetime = TimeSpan.FromHours(12),
        Ticket = RandomNumberGenerator.GetBytes(300),
    };

    protected async Task<NewSession> CreateAsync(NewSession session)
    {
        Assert.Equal(CreateOutcome.Created, (await Store.CreateAsync(session, Cancel)).Outcome);
        return session;
    }

    protected Task<NewSession> CreateAsync(string account = "alice") => CreateAsync(NewSession(account));

    protected async Task<bool> IsLiveAsync(NewSession session) =>
        (await Store.ReadAsync(session.Key, Cancel)).Session is not null;

    private async Task<string?> ReasonAsync(NewSession session) =>
        (await Store.ReadAsync(session.Key, Cancel)).End?.Reason;

    [Fact]
    public async Task Created_session_is_read_back_completely()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var created = await CreateAsync(NewSession() with { Persistent = true });

        var read = await Store.ReadAsync(created.Key, Cancel);

        Assert.Null(read.End);
        Assert.Equal(created.Ticket.ToArray(), read.Ticket.ToArray());
        var session = read.Session!;
        Assert.Equal(created.Key, session.Key);
        Assert.Equal(
            ("alice", "ALICE", "Firefox on Linux", "192.0.2.7", true),
            (session.AccountId, session.AccountName, session.Device, session.IpAddress, session.Persistent));
        Assert.InRange(session.SignedInAt, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal(created.Lifetime, session.ExpiresAt - session.SignedInAt);
        Assert.Equal(created.IdleTimeout, session.IdleExpiresAt - session.SignedInAt);
    }

    [Fact]
    public async Task Key_that_was_never_created_is_unknown()
    {
        Assert.Equal(SessionRead.Unknown, await Store.ReadAsync(NewSession().Key, Cancel));
        Assert.Equal(SessionRead.Unknown, await Store.ReadAsync(new(new("'; --"), "\r\n*"), Cancel));
        Assert.False(await Store.TouchAsync(NewSession().Key, Cancel));
        Assert.Equal(0, (await Store.EndAsync(AccountTag.For("alice"), "", ByAdmin, Cancel)).Ended);
        Assert.Equal(0, (await Store.EndAsync(AccountTag.For("alice"), "%___________", ByAdmin, Cancel)).Ended);
    }

    [Fact]
    public async Task Same_secret_of_another_account_is_unknown()
    {
        var alice = await CreateAsync();
        Assert.Null((await Store.ReadAsync(new(AccountTag.For("bob"), alice.Key.Hash), Cancel)).Session);
    }

    [Fact]
    public async Task Touch_restarts_the_idle_timeout()
    {
        var created = await CreateAsync();
        var before = (await Store.ReadAsync(created.Key, Cancel)).Session!.IdleExpiresAt;

        await Wait.UntilAsync(async () =>
            await Store.TouchAsync(created.Key, Cancel)
                && (await Store.ReadAsync(created.Key, Cancel)).Session!.IdleExpiresAt > before,
            "the idle expiry moves");
    }

    [Fact]
    public async Task Unused_session_expires_as_idle()
    {
        var created = await CreateAsync(NewSession() with { IdleTimeout = TimeSpan.FromMilliseconds(80) });
        await Wait.UntilAsync(async () => !await IsLiveAsync(created), "the session ends");

        Assert.Equal(SessionEndReasons.Idle, await ReasonAsync(created));
        Assert.False(await Store.TouchAsync(created.Key, Cancel));
        Assert.Empty(await Store.ListAsync([created.Key.Account], Cancel));
    }

    [Fact]
    public async Task Session_in_use_expires_at_its_absolute_timeout()
    {
        var created = await CreateAsync(NewSession() with { Lifetime = TimeSpan.FromMilliseconds(150) });
        await Wait.UntilAsync(
            async () => !await Store.TouchAsync(created.Key, Cancel), "the session ends although it is in use");

        Assert.False(await IsLiveAsync(created));
        Assert.Equal(SessionEndReasons.Expired, await ReasonAsync(created));
    }

    [Fact]
    public async Task Expired_session_is_not_listed_or_counted()
    {
        var old = await CreateAsync(
            NewSession() with { IdleTimeout = TimeSpan.FromMilliseconds(50), MaxPerAccount = 1 });
        await Wait.UntilAsync(async () =>
            (await Store.CreateAsync(NewSession() with { MaxPerAccount = 1, WhenFull = WhenFull.RefuseNew }, Cancel))
                .Outcome == CreateOutcome.Created,
            "the expired session no longer counts");

        Assert.DoesNotContain(await Store.ListAsync([old.Key.Account], Cancel), session => session.Key == old.Key);
        Assert.Equal(SessionEndReasons.Idle, await ReasonAsync(old));
    }

    [Fact]
    public async Task Ended_session_is_invalid_and_reports_its_end()
    {
        var created = await CreateAsync();
        var other = await CreateAsync();

        Assert.Equal(1, (await Store.EndAsync(created.Key.Account, created.Key.Handle, ByAdmin, Cancel)).Ended);

        var read = await Store.ReadAsync(created.Key, Cancel);
        Assert.Null(read.Session);
        Assert.True(read.Ticket.IsEmpty);
        Assert.Equal(ByAdmin, read.End! with { At = default });
        Assert.InRange(read.End!.At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.True(await IsLiveAsync(other));
        Assert.Equal(
            0,
            (await Store.EndAsync(
                created.Key.Account, created.Key.Handle, new(SessionEndReasons.SignedOut), Cancel)).Ended);
        Assert.Equal(SessionEndReasons.RevokedByAdmin, await ReasonAsync(created));
    }

    [Fact]
    public async Task Touch_never_restores_an_ended_session()
    {
        for (var round = 0; round < 50; round++)
        {
            var created = await CreateAsync();
            var touching = Task.Run(async () =>
            {
                while (await Store.TouchAsync(created.Key, Cancel))
                {
                }
            }, Cancel);
            await Store.EndAsync(created.Key.Account, created.Key.Handle, ByAdmin, Cancel);
            await touching;
            Assert.False(await IsLiveAsync(created));
        }
        Assert.Empty(await Store.ListAsync([AccountTag.For("alice")], Cancel));
    }

    [Fact]
    public async Task Handle_of_another_account_ends_no_session()
    {
        var alice = await CreateAsync();
        await CreateAsync("bob");
        Assert.Equal(0, (await Store.EndAsync(AccountTag.For("bob"), alice.Key.Handle, ByAdmin, Cancel)).Ended);
        Assert.True(await IsLiveAsync(alice));
    }

    [Fact]
    public async Task Revoking_an_account_keeps_the_excluded_session()
    {
        var kept = await CreateAsync();
        var others = new[] { await CreateAsync(), await CreateAsync() };
        var bob = await CreateAsync("bob");

        Assert.Equal(
            2,
            (await Store.EndAccountAsync(
                kept.Key.Account, new(SessionEndReasons.PasswordChanged), kept.Key.Handle, null, Cancel)).Ended);

        Assert.True(await IsLiveAsync(kept));
        Assert.True(await IsLiveAsync(bob));
        foreach (var session in others)
            Assert.Equal(SessionEndReasons.PasswordChanged, await ReasonAsync(session));
    }

    [Fact]
    public async Task Sign_in_under_an_earlier_generation_is_rejected()
    {
        var before = await CreateAsync(NewSession(generation: 4));
        Assert.Equal(
            1,
            (await Store.EndAccountAsync(
                before.Key.Account, new(SessionEndReasons.AccountDisabled), null, 5, Cancel)).Ended);

        Assert.Equal(
            CreateOutcome.StaleGeneration, (await Store.CreateAsync(NewSession(generation: 4), Cancel)).Outcome);
        await CreateAsync(NewSession(generation: 5));
        Assert.Equal(
            0,
            (await Store.EndAccountAsync(
                before.Key.Account, new(SessionEndReasons.AccountDisabled), null, 3, Cancel)).Ended);
        Assert.Equal(
            CreateOutcome.StaleGeneration, (await Store.CreateAsync(NewSession(generation: 4), Cancel)).Outcome);
    }

    [Fact]
    public async Task A05_Replaying_a_revocation_keeps_newer_sessions()
    {
        var before = await CreateAsync(NewSession(generation: 1));
        var revocation = new RevocationRequest { Account = before.Key.Account, Generation = 2, End = ByAdmin };
        Assert.Equal(1, (await Store.ApplyAsync(revocation, Cancel)).Ended);
        var newer = await CreateAsync(NewSession(generation: 2));

        Assert.Equal(0, (await Store.ApplyAsync(revocation, Cancel)).Ended);
        Assert.Equal(0, (await Store.ApplyAsync(revocation with { Id = new RevocationRequest().Id }, Cancel)).Ended);

        Assert.False(await IsLiveAsync(before));
        Assert.True(await IsLiveAsync(newer));
    }

    [Fact]
    public async Task A05_Revoking_all_but_one_session_raises_the_generation()
    {
        var kept = await CreateAsync(NewSession(generation: 1));
        var other = await CreateAsync(NewSession(generation: 1));
        var revocation = new RevocationRequest
        {
            Account = kept.Key.Account,
            Generation = 2,
            KeptAccount = kept.Key.Account,
            KeptHandle = kept.Key.Handle,
            End = ByAdmin,
        };
        Assert.Equal(1, (await Store.ApplyAsync(revocation, Cancel)).Ended);
        Assert.Equal(
            CreateOutcome.StaleGeneration, (await Store.CreateAsync(NewSession(generation: 1), Cancel)).Outcome);
        var newer = await CreateAsync(NewSession(generation: 2));
        Assert.Equal(0, (await Store.ApplyAsync(revocation, Cancel)).Ended);

        Assert.True(await IsLiveAsync(kept));
        Assert.False(await IsLiveAsync(other));
        Assert.True(await IsLiveAsync(newer));
        Assert.Equal(2, (await Store.EndAccountAsync(kept.Key.Account, ByAdmin, cancellationToken: Cancel)).Ended);
    }

    [Fact]
    public async Task Sign_in_without_a_generation_uses_the_stored_one()
    {
        await Store.EndAccountAsync(AccountTag.For("alice"), ByAdmin, null, 7, Cancel);
        var created = await CreateAsync(NewSession() with { Generation = null });
        Assert.Equal(1, (await Store.EndAccountAsync(created.Key.Account, ByAdmin, cancellationToken: Cancel)).Ended);
        await CreateAsync(NewSession() with { Generation = null });
        Assert.Equal(1, (await Store.EndAccountAsync(created.Key.Account, ByAdmin, cancellationToken: Cancel)).Ended);
    }

    [Fact]
    public async Task Rejected_sign_in_returns_the_stored_generation()
    {
        await Store.EndAccountAsync(AccountTag.For("alice"), ByAdmin, null, 7, Cancel);
        var result = await Store.CreateAsync(NewSession(generation: 6), Cancel);
        Assert.Equal((CreateOutcome.StaleGeneration, 7), (result.Outcome, result.Generation));
    }

    [Fact]
    public async Task Generation_rises_for_an_account_without_sessions()
    {
        Assert.Equal(
            0,
            (await Store.EndAccountAsync(
                AccountTag.For("carol"), new(SessionEndReasons.AccountDisabled), null, 2, Cancel)).Ended);
        Assert.Equal(
            CreateOutcome.StaleGeneration,
            (await Store.CreateAsync(NewSession("carol", generation: 1), Cancel)).Outcome);
    }

    [Fact]
    public async Task Sign_in_beyond_the_limit_replaces_the_oldest()
    {
        var sessions = new List<NewSession>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await CreateAsync(NewSession() with { MaxPerAccount = 2 }));
            await Store.TouchAsync(sessions[0].Key, Cancel);
            // Sign-ins in the same millisecond have no order.
            var signedInAt = (await Store.ReadAsync(sessions[i].Key, Cancel)).Session!.SignedInAt;
            await Wait.UntilAsync(
                () => DateTimeOffset.UtcNow > signedInAt.AddMilliseconds(2), "the clock has advanced");
        }

        Assert.Equal(SessionEndReasons.Replaced, await ReasonAsync(sessions[0]));
        Assert.True(await IsLiveAsync(sessions[1]));
        Assert.True(await IsLiveAsync(sessions[2]));
    }

    [Fact]
    public async Task Sign_in_beyond_the_limit_is_rejected_if_so_configured()
    {
        var first = await CreateAsync(NewSession() with { MaxPerAccount = 1, WhenFull = WhenFull.RefuseNew });
        var second = NewSession() with { MaxPerAccount = 1, WhenFull = WhenFull.RefuseNew };
        Assert.Equal(CreateOutcome.Full, (await Store.CreateAsync(second, Cancel)).Outcome);
        Assert.True(await IsLiveAsync(first));
        Assert.False(await IsLiveAsync(second));
    }

    [Theory]
    [InlineData(WhenFull.SignOutOldest)]
    [InlineData(WhenFull.RefuseNew)]
    public async Task Concurrent_sign_ins_leave_exactly_the_limit(WhenFull whenFull)
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() =>
            Store.CreateAsync(NewSession() with { MaxPerAccount = 7, WhenFull = whenFull }, Cancel), Cancel)));
        Assert.Equal(7, (await Store.ListAsync([AccountTag.For("alice")], Cancel)).Count);
    }

    [Fact]
    public async Task Replaced_session_names_the_replacing_device()
    {
        var first = await CreateAsync(NewSession() with { MaxPerAccount = 1 });
        var created = await Store.CreateAsync(
            NewSession() with { MaxPerAccount = 1, Device = "Safari on iPhone" }, Cancel);
        Assert.Equal([first.Key.Handle], created.Replaced);
        Assert.False(created.Revocation.Pending);
        Assert.Equal("Safari on iPhone", (await Store.ReadAsync(first.Key, Cancel)).End!.By);
    }

    [Fact]
    public async Task End_keeps_whether_the_user_should_sign_in_again()
    {
        var created = await CreateAsync();
        await Store.EndAccountAsync(
            created.Key.Account, new(SessionEndReasons.RoleChanged, SignInAgain: true), cancellationToken: Cancel);
        Assert.True((await Store.ReadAsync(created.Key, Cancel)).End!.SignInAgain);
    }

    [Fact]
    public async Task Claims_are_stale_until_the_ticket_is_replaced()
    {
        var created = await CreateAsync();
        var bob = await CreateAsync("bob");
        await Store.InvalidateClaimsAsync(created.Key.Account, 3, Cancel);
        await Store.InvalidateClaimsAsync(created.Key.Account, 2, Cancel);

        Assert.Equal(3, (await Store.ReadAsync(created.Key, Cancel)).CurrentClaimsVersion);
        Assert.Null((await Store.ReadAsync(bob.Key, Cancel)).CurrentClaimsVersion);
        Assert.Equal(
            3,
            (await Store.ReadAsync((await CreateAsync(NewSession() with { ClaimsVersion = 2 })).Key, Cancel))
                .CurrentClaimsVersion);
        Assert.Null(
            (await Store.ReadAsync((await CreateAsync(NewSession() with { ClaimsVersion = 3 })).Key, Cancel))
                .CurrentClaimsVersion);

        var before = (await Store.ReadAsync(created.Key, Cancel)).Session;
        Assert.Equal(ReplaceOutcome.Replaced, await ReplaceAsync(created.Key, "new", 3));
        Assert.Equal(ReplaceOutcome.Kept, await ReplaceAsync(created.Key, "late", 2));
        var read = await Store.ReadAsync(created.Key, Cancel);
        Assert.Equal("new"u8.ToArray(), read.Ticket.ToArray());
        Assert.Null(read.CurrentClaimsVersion);
        Assert.Equal(before, read.Session);
    }

    [Fact]
    public async Task Replacing_the_ticket_never_restores_an_ended_session()
    {
        var created = await CreateAsync();
        await Store.EndAsync(created.Key.Account, created.Key.Handle, ByAdmin, Cancel);
        Assert.Equal(ReplaceOutcome.NoSession, await ReplaceAsync(created.Key, "new", 9));
        Assert.Equal(
            ReplaceOutcome.NoSession, await ReplaceAsync(created.Key, "new", 9, SessionToken.Renew(created.Key).Key));
        Assert.Equal(ReplaceOutcome.NoSession, await ReplaceAsync(NewSession().Key, "new", 9));
        Assert.False(await IsLiveAsync(created));
        Assert.Equal(SessionEndReasons.RevokedByAdmin, await ReasonAsync(created));
    }

    private Task<ReplaceOutcome> ReplaceAsync(
        SessionKey key, string ticket, long claimsVersion, SessionKey? renewed = null, TimeSpan grace = default) =>
        Store.ReplaceTicketAsync(
            key,
            new()
            {
                Ticket = Encoding.UTF8.GetBytes(ticket),
                ClaimsVersion = claimsVersion,
                RenewedKey = renewed,
                FormerKeyGrace = grace,
            },
            Cancel);

    [Fact]
    public async Task B15_Renewed_session_differs_only_in_its_key()
    {
        var created = await CreateAsync();
        var before = (await Store.ReadAsync(created.Key, Cancel)).Session!;
        var renewed = SessionToken.Renew(created.Key).Key;

        Assert.Equal(ReplaceOutcome.Renewed, await ReplaceAsync(created.Key, "new", 1, renewed));

        Assert.Equal(created.Key.Handle, renewed.Handle);
        var read = await Store.ReadAsync(renewed, Cancel);
        Assert.Equal(before with { Key = renewed }, read.Session);
        Assert.Equal("new"u8.ToArray(), read.Ticket.ToArray());
        Assert.Equal([renewed], (await Store.ListAsync([created.Key.Account], Cancel)).Select(session => session.Key));
        Assert.True(await Store.TouchAsync(renewed, Cancel));
    }

    [Fact]
    public async Task B15_Former_key_without_grace_is_rejected_after_first_use()
    {
        var created = await CreateAsync();
        var renewed = SessionToken.Renew(created.Key).Key;
        await ReplaceAsync(created.Key, "new", 1, renewed);
        await Store.ReadAsync(renewed, Cancel);

        Assert.Equivalent(
            SessionRead.Unknown with { RenewedKey = renewed }, await Store.ReadAsync(created.Key, Cancel),
            strict: true);
        Assert.False(await Store.TouchAsync(created.Key, Cancel));
        Assert.Equal(
            ReplaceOutcome.NoSession, await ReplaceAsync(created.Key, "late", 2, SessionToken.Renew(created.Key).Key));
        Assert.NotNull((await Store.ReadAsync(renewed, Cancel)).Session);
    }

    [Fact]
    public async Task B15_Former_key_is_accepted_in_its_grace_but_not_renewed()
    {
        var created = await CreateAsync();
        var renewed = SessionToken.Renew(created.Key).Key;
        await ReplaceAsync(created.Key, "new", 1, renewed, TimeSpan.FromMinutes(1));
        await Store.ReadAsync(renewed, Cancel);

        Assert.Equal(created.Key, (await Store.ReadAsync(created.Key, Cancel)).Session!.Key);
        Assert.True(await Store.TouchAsync(created.Key, Cancel));
        Assert.Equal(
            ReplaceOutcome.Kept, await ReplaceAsync(created.Key, "late", 1, SessionToken.Renew(created.Key).Key));
        Assert.Equal(
            ReplaceOutcome.Kept, await ReplaceAsync(created.Key, "former", 2, SessionToken.Renew(created.Key).Key));
        Assert.Equal("new"u8.ToArray(), (await Store.ReadAsync(renewed, Cancel)).Ticket.ToArray());
        Assert.Equal(
            ReplaceOutcome.Renewed, await ReplaceAsync(renewed, "newer", 2, SessionToken.Renew(created.Key).Key));
    }

    [Fact]
    public async Task B15_Former_key_is_accepted_until_the_new_one_is_read()
    {
        var created = await CreateAsync();
        var lost = SessionToken.Renew(created.Key).Key;
        await ReplaceAsync(created.Key, "lost", 1, lost);
        Assert.True(await IsLiveAsync(created));
        Assert.True(await IsLiveAsync(created));

        // A later renewal replaces the key that the client never received.
        var renewed = SessionToken.Renew(created.Key).Key;
        Assert.Equal(ReplaceOutcome.Renewed, await ReplaceAsync(created.Key, "new", 2, renewed));

        Assert.Null((await Store.ReadAsync(lost, Cancel)).Session);
        Assert.True(await IsLiveAsync(created));
        Assert.NotNull((await Store.ReadAsync(renewed, Cancel)).Session);
        Assert.False(await IsLiveAsync(created));
    }

    [Fact]
    public async Task B15_Grace_of_the_former_key_ends()
    {
        var created = await CreateAsync();
        var renewed = SessionToken.Renew(created.Key).Key;
        await ReplaceAsync(created.Key, "new", 1, renewed, TimeSpan.FromMilliseconds(100));
        await Store.ReadAsync(renewed, Cancel);

        await Wait.UntilAsync(async () => !await IsLiveAsync(created), "the former key is rejected");
        Assert.NotNull((await Store.ReadAsync(renewed, Cancel)).Session);
    }

    [Theory]
    [InlineData("handle")]
    [InlineData("account")]
    [InlineData("all")]
    public async Task B15_Revocation_ends_the_session_under_both_keys(string what)
    {
        var created = await CreateAsync();
        var renewed = SessionToken.Renew(created.Key).Key;
        await ReplaceAsync(created.Key, "new", 1, renewed, TimeSpan.FromMinutes(1));

        var revocation = what switch
        {
            "handle" => await Store.EndAsync(created.Key.Account, created.Key.Handle, ByAdmin, Cancel),
            "account" => await Store.EndAccountAsync(created.Key.Account, ByAdmin, cancellationToken: Cancel),
            _ => await Store.EndAllAsync(ByAdmin, null, Cancel),
        };

        Assert.Equal(1, revocation.Ended);
        foreach (var key in new[] { created.Key, renewed })
            Assert.Equal(SessionEndReasons.RevokedByAdmin, (await Store.ReadAsync(key, Cancel)).End?.Reason);
    }

    [Fact]
    public async Task B15_Only_one_of_concurrent_renewals_succeeds()
    {
        for (var round = 1; round <= 20; round++)
        {
            var created = await CreateAsync();
            var keys = Enumerable.Range(0, 4).Select(_ => SessionToken.Renew(created.Key).Key).ToList();

            var outcomes = await Task.WhenAll(
                keys.Select(key => Task.Run(() => ReplaceAsync(created.Key, "new", 1, key, TimeSpan.FromMinutes(1)))));

            Assert.Equal(1, outcomes.Count(outcome => outcome == ReplaceOutcome.Renewed));
            var winner = keys[Array.IndexOf(outcomes, ReplaceOutcome.Renewed)];
            foreach (var key in keys)
                Assert.Equal(key == winner, (await Store.ReadAsync(key, Cancel)).Session is not null);
        }
    }

    [Fact]
    public async Task B15_Renewal_never_restores_an_ended_session()
    {
        for (var round = 0; round < 50; round++)
        {
            var created = await CreateAsync();
            var renewed = SessionToken.Renew(created.Key).Key;
            var renewing = Task.Run(
                () => ReplaceAsync(created.Key, "new", 1, renewed, TimeSpan.FromMinutes(1)), Cancel);
            Assert.Equal(1, (await Store.EndAsync(created.Key.Account, created.Key.Handle, ByAdmin, Cancel)).Ended);
            await renewing;
            Assert.False(await IsLiveAsync(created));
            Assert.Null((await Store.ReadAsync(renewed, Cancel)).Session);
        }
    }

    [Fact]
    public async Task Ended_sessions_are_published()
    {
        var alice = await CreateAsync();
        await using var ended = Store.EndedAccountsAsync(Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await ended.MoveNextAsync());
        Assert.Null(ended.Current);

        await Store.EndAsync(alice.Key.Account, alice.Key.Handle, ByAdmin, Cancel);
        Assert.True(await ended.MoveNextAsync());
        Assert.Equal(alice.Key.Account, ended.Current);

        await CreateAsync("bob");
        await Store.EndAllAsync(ByAdmin, null, Cancel);
        Assert.True(await ended.MoveNextAsync());
        Assert.True(ended.Current is null || ended.Current == AccountTag.For("bob"));
    }

    [Fact]
    public async Task Revoke_all_keeps_only_the_excluded_session()
    {
        var admin = await CreateAsync("admin");
        var others = new[] { await CreateAsync("admin"), await CreateAsync("alice"), await CreateAsync("bob") };

        Assert.Equal(3, (await Store.EndAllAsync(ByAdmin, admin.Key, Cancel)).Ended);

        Assert.True(await IsLiveAsync(admin));
        foreach (var session in others)
            Assert.Equal(SessionEndReasons.RevokedByAdmin, await ReasonAsync(session));
        Assert.Equal([admin.Key], (await Store.ListRecentAsync(0, 10, Cancel)).Sessions.Select(session => session.Key));
        Assert.Equal(1, (await Store.EndAllAsync(ByAdmin, null, Cancel)).Ended);
    }

    [Fact]
    public async Task Sessions_are_listed_by_account()
    {
        var alice = new[] { await CreateAsync(), await CreateAsync() };
        var bob = await CreateAsync("bob");
        await CreateAsync("carol");

        var listed = await Store.ListAsync(
            [AccountTag.For("alice"), AccountTag.For("bob"), AccountTag.For("unknown")], Cancel);

        Assert.Equivalent(
            new[] { alice[0].Key, alice[1].Key, bob.Key }, listed.Select(session => session.Key), strict: true);
        Assert.Empty(await Store.ListAsync([], Cancel));
    }

    [Fact]
    public async Task Recent_sessions_are_listed_in_pages()
    {
        var created = new List<SessionKey>();
        for (var i = 0; i < 25; i++)
            created.Add((await CreateAsync($"account-{i % 10}")).Key);
        await Store.EndAsync(created[3].Account, created[3].Handle, ByAdmin, Cancel);
        created.RemoveAt(3);

        var pages = new List<SessionPage>();
        for (var skip = 0; skip < 30; skip += 10)
            pages.Add(await Store.ListRecentAsync(skip, 10, Cancel));

        Assert.Equal([10, 10, 4], pages.Select(page => page.Sessions.Count));
        Assert.Equal([true, true, false], pages.Select(page => page.HasNext));
        Assert.All(pages, page => Assert.Equal(24, page.Total));
        Assert.Equivalent(
            created, pages.SelectMany(page => page.Sessions).Select(session => session.Key), strict: true);
        Assert.All(
            pages.SelectMany(page => page.Sessions),
            session => Assert.StartsWith("account-", session.AccountId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_used_at_the_same_time_are_listed_once()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 45).Select(_ => CreateAsync()));

        var listed = new List<SessionKey>();
        for (var skip = 0; skip < 50; skip += 10)
            listed.AddRange((await Store.ListRecentAsync(skip, 10, Cancel)).Sessions.Select(session => session.Key));

        Assert.Equivalent(created.Select(session => session.Key), listed, strict: true);
    }
}
