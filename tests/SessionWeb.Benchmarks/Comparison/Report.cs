using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Collects the measurements for the printed table and for bench-results.json.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<ReportRow> _rows = [];
    private readonly JsonObject _results = [];

    public void Add(ReportRow row) => _rows.Add(row);

    /// <param name="value">A number, a text or an object.</param>
    /// <param name="path">The keys in the file, the outermost first.</param>
    public void Put(JsonNode value, params ReadOnlySpan<string> path)
    {
        var parent = _results;
        foreach (var name in path[..^1])
            parent = (JsonObject)(parent[name] ??= new JsonObject());
        var isNumber = value is JsonValue json && json.TryGetValue(out double _);
        parent[path[^1]] = isNumber ? Math.Round(value.GetValue<double>(), 4) : value;
    }

    /// <summary>Counts requests that were accepted after their session was revoked.</summary>
    public void AddViolations(int count) => _results["violations"] = Violations + count;

    public int Violations => _results["violations"]?.GetValue<int>() ?? 0;

    public void Print(TextWriter output)
    {
        string[] header = ["", "value", "", "CPU µs", "Redis µs", "ratio", "target", ""];
        string[][] cells = [header, .. _rows.Select(row => row.Cells)];
        var widths = header.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        foreach (var row in cells)
            output.WriteLine(string.Join("  ", row.Select(Align)).TrimEnd());

        string Align(string cell, int column) =>
            column is 0 or 2 or 7 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]);
    }

    public Task WriteAsync(string path) => File.WriteAllTextAsync(path, _results.ToJsonString(Indented) + "\n");
}

/// <summary>A row of the table. The CPU columns are microseconds per request, of the server and of Redis.</summary>
internal sealed record ReportRow(string Description, double? Value = null, string Unit = "")
{
    public double? Cpu { get; init; }

    public double? Redis { get; init; }

    /// <summary>The value of SessionWeb divided by this one.</summary>
    public double? Ratio { get; init; }

    /// <summary>The target of the ratio, or of the value if there is no ratio.</summary>
    public Target? Target { get; init; }

    public string[] Cells =>
    [
        Description, Format(Value), Unit,
        Cpu?.ToString("0.0") ?? "", Redis?.ToString("0.0") ?? "", Ratio?.ToString("0.00") ?? "",
        Target?.ToString() ?? "", Target is null ? "" : Target.IsMetBy(Ratio ?? Value!.Value) ? "met" : "MISSED",
    ];

    private static string Format(double? value)
    {
        var format = value is 0 or >= 100 ? "#,0" : value >= 1 ? "0.0" : "0.0000";
        return value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
    }
}

/// <summary>A limit that a value should reach or stay below.</summary>
internal sealed record Target(double Limit, bool IsMinimum)
{
    public static Target AtLeast(double limit) => new(limit, true);

    public static Target AtMost(double limit) => new(limit, false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Limit : value <= Limit;

    public override string ToString() => $"{(IsMinimum ? '≥' : '≤')} {Limit}";
}
