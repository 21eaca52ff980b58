namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>The logs contain neither secrets nor forged lines.</summary>
[Collection<FarmSiteGroup>]
public sealed class LogRequirements(FarmSite site)
{
    [Fact]
    public async Task R54_Logs_contain_no_secret()
    {
        var account = await site.RegisterAsync();
        var secrets = new List<string> { account.Password };
        using var visitor = new Visitor(site.Url);
        foreach (var entryPoint in site.EntryPoints)
        {
            secrets.Add((await visitor.TokenAsync("/account/login", entryPoint)).Value);
            secrets.Add($"a wrong password {Guid.NewGuid():N}");
            using (await visitor.SubmitSignInAsync(account.UserName, secrets[^1], entryPoint))
            {
            }
            using (await visitor.SubmitSignInAsync("unknown-user", secrets[^1], entryPoint))
            {
            }
            await visitor.SignInAsync(account, entryPoint);
            secrets.AddRange(visitor.Cookies.Cookies.Values);
            var token = await visitor.TokenAsync("/account/password", entryPoint);
            secrets.Add(token.Value);
            secrets.Add($"a new password {Guid.NewGuid():N}");
            using (await visitor.PostAsync("/account/password",
            [
                token,
                new("Input.CurrentPassword", "not the current one"),
                new("Input.NewPassword", secrets[^1]),
                new("Input.ConfirmPassword", secrets[^1]),
            ], entryPoint))
            {
            }
            // These requests are refused, so a node is most likely to log their content.
            KeyValuePair<string, string> currentPassword = new("Input.CurrentPassword", account.Password);
            using (await visitor.PostAsync("/account/password", [currentPassword], entryPoint))
            {
            }
            KeyValuePair<string, string> oversizedPassword = new("Input.CurrentPassword", new string('x', 9000));
            using (await visitor.PostAsync("/account/password", [token, oversizedPassword], entryPoint))
            {
            }
            await Crawler.CrawlAsync(visitor, entryPoint);
            using (await visitor.SubmitAsync("/account/logout", at: entryPoint))
            {
            }
        }
        await Wait.UntilAsync(
            () => site.Log.Split('\n').Count(line =>
                line.Contains($"{account.UserName} signed out", StringComparison.Ordinal)) == site.EntryPoints.Count,
            () => site.Log);

        var logs = site.LogOf("*");
        Assert.All(secrets.Where(secret => secret.Length > 0).Distinct(), secret =>
        {
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(secret), logs, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task B15_Setup_token_is_not_logged()
    {
        var secret = $"token{Guid.NewGuid():N}";
        using var visitor = new Visitor(site.Url);
        foreach (var entryPoint in site.EntryPoints)
        {
            (await visitor.GetAsync($"/setup?token={secret}", entryPoint)).Dispose();
            (await visitor.PostAsync("/setup", [new("Token", secret)], entryPoint)).Dispose();
            (await visitor.PostAsync($"/setup?token={secret}", [], entryPoint)).Dispose();
        }
        await Wait.UntilAsync(
            () => site.LogOf("access").Contains("\"GET /setup HTTP/", StringComparison.Ordinal),
            () => site.LogOf("access"));
        Assert.DoesNotContain(secret, site.LogOf("*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R55_User_input_forges_no_log_line_or_terminal_sequence()
    {
        var marker = Guid.NewGuid().ToString("N")[..12];
        using var visitor = new Visitor(site.Url);
        string[] names =
        [
            $"{marker}\r\n2026-01-01T00:00:00.000Z info forged: {marker}", $"{marker}\n{marker}", $"{marker}\r{marker}",
            $"{marker}\x1b[2J\x1b[31m", $"{marker}\u0085{marker}\u2028{marker}\u2029", $"{marker}\0\b\a\x7f\x9b31m",
            $"{marker}\u202e\u2066", $"{marker}<script>alert(1)</script>",
        ];
        foreach (var (name, number) in names.Select((name, number) => (name, number)))
        {
            using var response = await visitor.SubmitSignInAsync(
                name, "some wrong password here", site.EntryPoints[number % site.EntryPoints.Count]);
            Assert.DoesNotContain(
                "<script>alert", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // A denied request logs its path.
        using var user = await site.SignInAsync();
        using (await user.GetAsync($"/admin/sessions?x=%0d%0a{marker}", site.EntryPoints[0]))
        {
        }
        await Wait.UntilAsync(() => site.Log.Contains($"{marker}<script>", StringComparison.Ordinal), () => site.Log);
        var log = site.Log;
        Assert.DoesNotContain(log, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(log, c => c is '\u2028' or '\u2029' or '\u202e' or '\u2066');
        // The formatter starts each line. Input never does.
        Assert.All(
            log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line.Contains(marker, StringComparison.Ordinal)),
            line => Assert.Matches(
                @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \w+ SessionWeb\.[\w.]+: (A sign-in as|\S+ was denied)",
                line));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("Mozilla/5.0 (<b>Windows</b>) <i>Firefox/1</i>")]
    [InlineData("\x1b[2J\x1b[31mcurl/8")]
    [InlineData("curl/8\u00e9\u0085<svg/onload=alert(1)>")]
    public async Task R55_User_agent_is_encoded_as_text(string userAgent)
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var visitor = new Visitor(site.Url);
        var token = await visitor.TokenAsync("/account/login");
        var fields = await new FormUrlEncodedContent(
        [
            token, new("Input.UserName", account.UserName), new("Input.Password", account.Password),
        ]).ReadAsStringAsync();
        foreach (var entryPoint in site.EntryPoints)
        {
            var response = await RawRequest.SendAsync(
                entryPoint,
                "POST /account/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + $"User-Agent: {userAgent}\r\nCookie: {visitor.Cookies.Header}\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n"
                + $"Content-Length: {fields.Length}\r\n\r\n{fields}");
            Assert.Contains(RawRequest.StatusOf(response), (int[])[302, 400]);
        }

        using var user = await site.SignInAsync(account);
        var devicesPage = await user.ReadAsync("/account/sessions");
        var adminPage = await admin.ReadAsync($"/admin/sessions?q={account.UserName}");
        foreach (var page in (string[])[devicesPage, adminPage])
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
