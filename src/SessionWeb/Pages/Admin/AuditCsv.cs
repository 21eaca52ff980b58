using System.Text.RegularExpressions;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SessionWeb.Data;

namespace SessionWeb.Pages.Admin;

/// <summary>Entries as a file for spreadsheets (RFC 4180), sent while they are read.</summary>
internal sealed partial class AuditCsv(string fileName, IAsyncEnumerable<AuditEntry> entries) : ActionResult
{
    public const int MaxRows = 100_000;

    private static readonly string[] Header =
    [
        "time", "event", "account", "by", "session", "address", "device", "node", "reason", "details", "count",
        "account id", "id", "by id",
    ];

    public override async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("attachment") { FileName = fileName }.ToString();
        await WriteAsync(response.Body, entries, context.HttpContext.RequestAborted);
    }

    internal static async Task WriteAsync(
        Stream stream, IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await using var writer = CsvWriter.Create(stream, CsvWriterOptions.Default, leaveOpen: true);
        await writer.WriteRecordAsync(Header, cancellationToken);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
            await writer.WriteRecordAsync(Fields(entry), cancellationToken);
    }

    private static string?[] Fields(AuditEntry entry) =>
    [
        .. new[]
        {
            entry.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), entry.Event, entry.AccountName, entry.By,
            entry.SessionHandle, entry.IpAddress, entry.Device, entry.Node, entry.Reason, entry.Details,
            entry.Count?.ToString(), entry.AccountId, entry.Id.ToString(), entry.ById,
        }.Select(field => field is null ? null : Formula().Replace(field, "${before}'${formula}")),
    ];

    // CsvHelper escapes the first character of a field. A spreadsheet may also split a field at another separator,
    // ignore quotes and white space before a formula, and accept full-width characters as the beginning of one.
    [GeneratedRegex(
        """(?<before>(?:^|[;,\t\r\n|:])["'\s]*)(?<formula>[=+\-@＝＋－＠])""",
        RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Formula();
}
