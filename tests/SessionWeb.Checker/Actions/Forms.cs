using System.Net;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Submits a form and reads what the page then says.</summary>
internal static class Forms
{
    public static async Task<Said> SubmitAsync(
        Browser browser, AppNode node, string page, string target, Interference interference,
        params (string Name, string Value)[] fields)
    {
        var named = fields.ToDictionary(field => field.Name, field => field.Value);
        var answer = await browser.SubmitAsync(node, page, target, named, interference);
        if (answer.Status != HttpStatusCode.Found)
            return new(Outcome.Unknown, $"{(int)answer.Status} {Browser.NoticeOf(answer.Body)}");
        // The redirect is the answer; its page may be unavailable for a moment.
        Page shown = null!;
        await Wait.ForAsync(
            async () => interference.HasKilled
                ? throw new TimeoutException($"Node {node.Name} was killed before it showed its answer.")
                : !(shown = await browser.GetAsync(node, answer.Location!)).IsUnavailable,
            "the page is shown");
        var (text, isError) = Browser.NoticeOf(shown.Body) is { Length: > 0 } notice
            ? (notice, shown.Body.Contains("notice-error", StringComparison.Ordinal))
            : (shown.Body, false);
        return new(isError ? Outcome.Unknown : OutcomeOf($"{text} {answer.Location}"), text.Length < 300 ? text : answer.Location!);
    }

    /// <summary>A success that is not said to be pending promises that it is in effect.</summary>
    public static Outcome OutcomeOf(string success) =>
        success.Contains("pending", StringComparison.OrdinalIgnoreCase) ? Outcome.Pending : Outcome.Acknowledged;
}
