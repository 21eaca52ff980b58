using System.Net;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Submits a form and reads what the page then says.</summary>
internal static class Forms
{
    public static async Task<Said> SubmitAsync(
        Browser browser, AppNode node, string page, string target, Interference interference, params (string Name, string Value)[] fields)
    {
        var answer = await browser.SubmitAsync(node, page, target, fields.ToDictionary(field => field.Name, field => field.Value), interference);
        if (answer.Status != HttpStatusCode.Found)
            return new(Outcome.Unknown, $"{(int)answer.Status} {Browser.NoticeOf(answer.Body)}");
        // The redirect is the answer; its page may be unavailable for a moment.
        Page shown = null!;
        await Wait.ForAsync(async () => (shown = await browser.GetAsync(node, answer.Location!)).Status != HttpStatusCode.ServiceUnavailable, "the page is shown");
        var (text, isError) = Browser.NoticeOf(shown.Body) is { Length: > 0 } notice
            ? (notice, shown.Body.Contains("notice-error", StringComparison.Ordinal))
            : (shown.Body, false);
        // A page that claims success and does not say that it is pending promises that it is in effect.
        return new(isError ? Outcome.Unknown : IsPending(text) ? Outcome.Pending : Outcome.Acknowledged, text.Length < 300 ? text : answer.Location!);
    }

    public static bool IsPending(string text) => text.Contains("pending", StringComparison.OrdinalIgnoreCase);
}
