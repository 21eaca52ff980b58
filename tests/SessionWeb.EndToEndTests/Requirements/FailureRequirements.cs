using System.Net;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Whatever is sent, an answer tells nothing of what is inside.</summary>
public abstract class FailureRequirements(ISite site)
{
    private static readonly string[] Inside =
    [
        "Exception", "   at ", "SessionWeb.", "Microsoft.", "StackExchange", "System.", "StackTrace", ".cs:line", "SELECT ", "SQLite", "redis", "Redis",
    ];

    [Fact]
    public async Task R56_Nonsense_is_answered_without_a_word_of_what_is_inside()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var adminsToken = await admin.TokenAsync("/account/sessions");
        // Passwords are guessed here, so this is nobody whom anybody else needs.
        using var person = await site.SignInAsync();
        var token = await person.TokenAsync("/account/sessions");
        foreach (var entrance in site.Entrances.Take(2))
        {
            foreach (var path in (string[])
            [
                "/admin/sessions?page=abc", "/admin/sessions?page=-1", "/admin/sessions?page=99999999999999999999", "/admin/sessions?page=1&page=2",
                "/admin/sessions?q=%00", "/admin/sessions?q=%ff%fe", "/admin/sessions?q='%20OR%201=1--", $"/admin/sessions?q={new string('x', 3000)}",
                "/account/sessions?handler=none", "/account/signed-out?reason=%3Cscript%3E", "/account/signed-out?reason=a&reason=b", "/account/login?returnUrl=%00",
                "/error/0", "/error/99999999999", "/error/500", "/error/-1", "/setup?token=%00", "/setup?token=x&token=y", "/api/", "/api/none",
                "/account/login/", "/%00", "/%ff", "/~", "/..%2f..%2fappsettings.json", "/appsettings.json", "/wwwroot/../appsettings.json", "/css/..%5csite.css",
                "/.well-known/none", "/account/sessions.cshtml", "/health/none", "/swagger", "/_framework/none.js",
            ])
                await AssertGenericAsync(admin.GetAsync(path, entrance));

            foreach (var (path, content) in Bodies(token, "/account/login", "/account/sessions?handler=revoke", "/account/password", "/account/register", "/setup"))
                await AssertGenericAsync(person.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(entrance, path)) { Content = content }));
            foreach (var (path, content) in Bodies(adminsToken, "/admin/sessions?handler=revoke", "/admin/sessions?handler=revoke-account"))
                await AssertGenericAsync(admin.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(entrance, path)) { Content = content }));

            foreach (var method in (string[])["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "NONSENSE", "CONNECTED"])
                foreach (var path in (string[])["/", "/account/login", "/api/me", "/admin/sessions", "/css/site.css", "/health/ready"])
                    await AssertGenericAsync(admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(entrance, path))));

            foreach (var (header, value) in ((string, string)[])
            [
                ("Accept", "nonsense"), ("Accept-Encoding", "x;q=nonsense"), ("Accept-Language", "!!"), ("If-None-Match", "nonsense"),
                ("If-Modified-Since", "nonsense"), ("Range", "bytes=9-1"), ("Authorization", "Bearer"), ("Authorization", "Basic !!!"), ("Expect", "nonsense"),
                ("X-Forwarded-For", "nonsense"), ("X-Forwarded-Proto", "nonsense"), ("Cookie", "csrf=nonsense; notice=nonsense"), ("Content-Type", ";;;"),
            ])
            {
                using var visitor = new Visitor(site.Url);
                visitor.Headers[header] = value;
                await AssertGenericAsync(visitor.GetAsync("/account/login", entrance));
                await AssertGenericAsync(visitor.GetAsync("/css/site.css", entrance));
            }
        }
    }

    private protected static async Task<Answer> AssertGenericAsync(Task<HttpResponseMessage> sent, bool failed = false)
    {
        var answer = await Answer.KeepAsync(await sent);
        Assert.True(
            failed || answer.Status < HttpStatusCode.InternalServerError || answer.Status == HttpStatusCode.NotImplemented,
            $"{answer.Address} answered {(int)answer.Status}\n{answer.Body}");
        // Assets are ours to say what they like in.
        if (answer.Type is "text/css")
            return answer;
        Assert.All(Inside, word => Assert.DoesNotContain(word, answer.Body, StringComparison.Ordinal));
        Assert.All(Inside, word => Assert.DoesNotContain(word, answer.HeaderText, StringComparison.Ordinal));
        return answer;
    }

    private static IEnumerable<(string Path, HttpContent Content)> Bodies(KeyValuePair<string, string> token, params string[] paths)
    {
        var form = $"{token.Key}={Uri.EscapeDataString(token.Value)}";
        foreach (var path in paths)
        {
            yield return (path, Typed("", "application/x-www-form-urlencoded"));
            yield return (path, Typed("&&&===%%%", "application/x-www-form-urlencoded"));
            yield return (path, Typed($"{form}&%zz=%zz&id=%00&account=%00&Input.UserName=%00&Input.Password=%00&Input.CurrentPassword=%00", "application/x-www-form-urlencoded"));
            yield return (path, Typed($"{form}&id=a&id=b&account=a&account=b&Input.UserName=a&Input.UserName=b&Input.RememberMe=perhaps&sure=perhaps", "application/x-www-form-urlencoded"));
            yield return (path, Typed($"{form}&Input.UserName=\ud83d\ude00\u202e\u0301&Input.Password=\ud83d\ude00&Input.CurrentPassword=\ud83d\ude00&Input.NewPassword=x&Input.ConfirmPassword=x", "application/x-www-form-urlencoded; charset=utf-8"));
            yield return (path, Typed(form + string.Concat(Enumerable.Range(0, 2000).Select(i => $"&a{i}=")), "application/x-www-form-urlencoded"));
            yield return (path, Typed($"{form}&{new string('k', 3000)}=1", "application/x-www-form-urlencoded"));
            yield return (path, Typed(form, "application/x-www-form-urlencoded; charset=nonsense"));
            yield return (path, Typed(form, "multipart/form-data"));
            yield return (path, Typed("--x\r\nnonsense", "multipart/form-data; boundary=x"));
            yield return (path, Typed("--x\r\nContent-Disposition: form-data; name=\"id\"; filename=\"a\"\r\n\r\nabc", "multipart/form-data; boundary=x"));
            yield return (path, Typed(form, "multipart/form-data; boundary=" + new string('x', 300)));
            yield return (path, Typed("{\"id\":", "application/json"));
            yield return (path, Typed("<a/>", "text/xml"));
            yield return (path, Typed("x", "nonsense/nonsense"));
        }
    }

    private static ByteArrayContent Typed(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}

[Collection<OnFarmSite>]
public sealed class FailureRequirementsOnFarm(FarmSite site) : FailureRequirements(site)
{
    private readonly FarmSite _site = site;

    [Fact]
    public async Task R56_Failure_in_the_middle_of_a_request_is_answered_by_a_plain_page()
    {
        using var person = await _site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(_site.RedisPort);
        var handle = (await person.MeAsync()).Session;
        // A session whose ticket has lost its end cannot be read: nothing foresees that.
        var (key, field, record) = await FindAsync(redis, handle);
        await redis.Database.HashSetAsync(key, field, record[..^20]);
        await redis.ForgetAsync(key["sw:".Length..]);

        foreach (var entrance in _site.Entrances)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await person.GetAsync("/account/sessions", entrance);
                    return answer.StatusCode == HttpStatusCode.InternalServerError;
                },
                () => "the session is still remembered");
            var page = await AssertGenericAsync(person.GetAsync("/account/sessions", entrance), failed: true);
            Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
            Assert.Contains("An error occurred on the server", page.Body, StringComparison.Ordinal);
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            var api = await AssertGenericAsync(person.GetAsync("/api/me", entrance), failed: true);
            Assert.Equal(HttpStatusCode.InternalServerError, api.Status);
            Assert.Equal("""{"error":"failed"}""", api.Body);
        }
        // The log does say what happened.
        await Eventually.TrueAsync(() => _site.Log.Contains("Exception", StringComparison.Ordinal), () => _site.Log);
        await redis.Database.HashSetAsync(key, field, record);
        await person.MeAsync();
    }

    private static async Task<(string Key, string Field, byte[] Record)> FindAsync(RedisContents redis, string handle)
    {
        foreach (var key in redis.Keys("sw:" + new string('?', 22)))
            foreach (var entry in await redis.Database.HashGetAllAsync(key))
                if (((string)entry.Name!).StartsWith(handle, StringComparison.Ordinal))
                    return (key, entry.Name!, entry.Value!);
        throw new InvalidOperationException($"No session {handle} in Redis.");
    }
}

[Collection<OnEmbeddedSite>]
public sealed class FailureRequirementsOnEmbedded(EmbeddedSite site) : FailureRequirements(site);
