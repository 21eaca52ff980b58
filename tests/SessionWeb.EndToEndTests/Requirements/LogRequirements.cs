namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What the logs say, and what they must not.</summary>
[Collection<OnFarmSite>]
public sealed class LogRequirements(FarmSite site)
{
    [Fact]
    public async Task R54_Logs_hold_no_secret()
    {
        var account = await site.RegisterAsync();
        var secrets = new List<string> { account.Password };
        using var visitor = new Visitor(site.Url);
        foreach (var entrance in site.Entrances)
        {
            secrets.Add((await visitor.TokenAsync("/account/login", entrance)).Value);
            secrets.Add($"a wrong password {Guid.NewGuid():N}");
            using (await visitor.SubmitSignInAsync(account.UserName, secrets[^1], entrance))
            {
            }
            using (await visitor.SubmitSignInAsync("nobody-at-all", secrets[^1], entrance))
            {
            }
            await visitor.SignInAsync(account, entrance);
            secrets.AddRange(visitor.Cookies.Cookies.Values);
            var token = await visitor.TokenAsync("/account/password", entrance);
            secrets.Add(token.Value);
            secrets.Add($"a new password {Guid.NewGuid():N}");
            using (await visitor.PostAsync("/account/password",
            [
                token, new("Input.CurrentPassword", "not the current one"), new("Input.NewPassword", secrets[^1]), new("Input.ConfirmPassword", secrets[^1]),
            ], entrance))
            {
            }
            // Refused, and so most likely to be written down.
            using (await visitor.PostAsync("/account/password", [new("Input.CurrentPassword", account.Password)], entrance))
            {
            }
            using (await visitor.PostAsync("/account/password", [token, new("Input.CurrentPassword", new string('x', 9000))], entrance))
            {
            }
            await Crawl.AllAsync(visitor, entrance);
            using (await visitor.SubmitAsync("/account/logout", at: entrance))
            {
            }
        }
        await Eventually.TrueAsync(
            () => site.Log.Split('\n').Count(line => line.Contains($"{account.UserName} signed out", StringComparison.Ordinal)) == site.Entrances.Count,
            () => site.Log);

        var logs = site.LogOf("*");
        Assert.All(secrets.Where(secret => secret.Length > 0).Distinct(), secret =>
        {
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(secret), logs, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task B15_Setup_token_is_in_no_log()
    {
        var secret = $"token{Guid.NewGuid():N}";
        using var visitor = new Visitor(site.Url);
        foreach (var entrance in site.Entrances)
        {
            (await visitor.GetAsync($"/setup?token={secret}", entrance)).Dispose();
            (await visitor.PostAsync("/setup", [new("Token", secret)], entrance)).Dispose();
            (await visitor.PostAsync($"/setup?token={secret}", [], entrance)).Dispose();
        }
        await Eventually.TrueAsync(() => site.LogOf("access").Contains("\"GET /setup HTTP/", StringComparison.Ordinal), () => site.LogOf("access"));
        Assert.DoesNotContain(secret, site.LogOf("*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R55_Names_and_headers_forge_no_line_and_drive_no_terminal()
    {
        var mark = Guid.NewGuid().ToString("N")[..12];
        using var visitor = new Visitor(site.Url);
        string[] names =
        [
            $"{mark}\r\n2026-01-01T00:00:00.000Z info forged: {mark}", $"{mark}\n{mark}", $"{mark}\r{mark}", $"{mark}\x1b[2J\x1b[31m",
            $"{mark}\u0085{mark}\u2028{mark}\u2029", $"{mark}\0\b\a\x7f\x9b31m", $"{mark}\u202e\u2066", $"{mark}<script>alert(1)</script>",
        ];
        foreach (var (name, number) in names.Select((name, number) => (name, number)))
        {
            using var answer = await visitor.SubmitSignInAsync(name, "some wrong password here", site.Entrances[number % site.Entrances.Count]);
            Assert.DoesNotContain("<script>alert", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Paths reach the log when they are denied.
        using var person = await site.SignInAsync();
        using (await person.GetAsync($"/admin/sessions?x=%0d%0a{mark}", site.Entrances[0]))
        {
        }
        await Eventually.TrueAsync(() => site.Log.Contains($"{mark}<script>", StringComparison.Ordinal), () => site.Log);
        var log = site.Log;
        Assert.DoesNotContain(log, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(log, c => c is '\u2028' or '\u2029' or '\u202e' or '\u2066');
        // Each line begins as the formatter begins it, and none with what somebody typed.
        Assert.All(
            log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains(mark, StringComparison.Ordinal)),
            line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \w+ SessionWeb\.[\w.]+: (A sign-in as|\S+ was denied)", line));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("Mozilla/5.0 (<b>Windows</b>) <i>Firefox/1</i>")]
    [InlineData("\x1b[2J\x1b[31mcurl/8")]
    [InlineData("curl/8\u00e9\u0085<svg/onload=alert(1)>")]
    public async Task R55_User_agent_is_shown_as_text_and_nothing_else(string userAgent)
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var visitor = new Visitor(site.Url);
        var token = await visitor.TokenAsync("/account/login");
        var fields = await new FormUrlEncodedContent(
            [token, new("Input.UserName", account.UserName), new("Input.Password", account.Password)]).ReadAsStringAsync();
        foreach (var entrance in site.Entrances)
        {
            var answer = await RawRequest.SendAsync(entrance,
                $"POST /account/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: {userAgent}\r\nCookie: {visitor.Cookies.Header}\r\n"
                + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {fields.Length}\r\n\r\n{fields}");
            Assert.Contains(RawRequest.StatusOf(answer), (int[])[302, 400]);
        }

        using var own = await site.SignInAsync(account);
        foreach (var page in (string[])[await own.ReadAsync("/account/sessions"), await admin.ReadAsync($"/admin/sessions?q={account.UserName}")])
        {
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>Windows", page, StringComparison.Ordinal);
            Assert.DoesNotContain("onload=", page, StringComparison.Ordinal);
            Assert.DoesNotContain(page, c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
        }
        Assert.DoesNotContain(site.Log, c => char.IsControl(c) && c != '\n');
    }
}
