using System.Net;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs an action with a form and reads the reply from the page that follows.</summary>
internal static class ActionForms
{
    private const int MaxTextLength = 300;

    public static async Task<ActionReply> SubmitAsync(
        Browser browser, AppNode node, string page, string target, FaultInjector faults,
        params (string Name, string Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        var response = await browser.SubmitAsync(node, page, target, values, faults);
        if (response.Status != HttpStatusCode.Found)
            return new(RevocationOutcome.Unknown, $"{(int)response.Status} {Browser.NoticeIn(response.Body)}");
        // The redirect is the answer. The page that it names may be unavailable for a moment.
        PageResponse next = null!;
        await Wait.UntilAsync(
            async () => faults.HasKilled
                ? throw new TimeoutException($"Node {node.Name} was killed before it returned the reply.")
                : !(next = await browser.GetAsync(node, response.Location!)).IsUnavailable,
            $"node {node.Name} returns {response.Location}");
        var notice = Browser.NoticeIn(next.Body);
        var text = notice.Length > 0 ? notice : next.Body;
        var isError = notice.Length > 0 && next.Body.Contains("notice-error", StringComparison.Ordinal);
        return new(
            isError ? RevocationOutcome.Unknown : OutcomeOf($"{text} {response.Location}"),
            text.Length < MaxTextLength ? text : response.Location!);
    }

    /// <summary>A success that is not reported as pending is acknowledged.</summary>
    public static RevocationOutcome OutcomeOf(string success) =>
        success.Contains("pending", StringComparison.OrdinalIgnoreCase)
            ? RevocationOutcome.Pending
            : RevocationOutcome.Acknowledged;
}
