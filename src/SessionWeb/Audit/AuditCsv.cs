using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace SessionWeb.Audit;

/// <summary>Entries as a file for spreadsheets (RFC 4180), sent while they are read.</summary>
internal sealed class AuditCsv(string fileName, IAsyncEnumerable<AuditEntry> entries) : ActionResult
{
    public const int MaxRows = 100_000;

    private const string Header = "time,event,account,by,session,address,device,node,reason,details,count,account id,id";

    public override async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = fileName }.ToString();
        await using var writer = new StreamWriter(response.Body, new UTF8Encoding(false)) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Header);
        await foreach (var entry in entries.WithCancellation(context.HttpContext.RequestAborted))
            await writer.WriteLineAsync(Line(entry));
    }

    internal static string Line(AuditEntry entry) => string.Join(',', new[]
    {
        entry.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), entry.Event, entry.AccountName, entry.By, entry.SessionHandle, entry.IpAddress, entry.Device,
        entry.Node, entry.Reason, entry.Details, entry.Count?.ToString(), entry.AccountId, entry.Id.ToString(),
    }.Select(Cell));

    /// <summary>A cell that a spreadsheet shows and never computes.</summary>
    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        if ("=+-@\t\r＝＋－＠".Contains(text[0], StringComparison.Ordinal))
            text = $"'{text}";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
