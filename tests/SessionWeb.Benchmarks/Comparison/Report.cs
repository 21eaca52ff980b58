using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>All figures: the table that people read, and bench-results.json for programs.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<Row> _rows = [];
    private readonly JsonObject _results = [];

    public void Add(Row row) => _rows.Add(row);

    /// <param name="value">A figure, a text or an object.</param>
    /// <param name="path">Its names in the file, the outermost first.</param>
    public void Put(JsonNode value, params ReadOnlySpan<string> path)
    {
        var parent = _results;
        foreach (var name in path[..^1])
            parent = (JsonObject)(parent[name] ??= new JsonObject());
        parent[path[^1]] = value is JsonValue number && number.TryGetValue(out double exact) ? Math.Round(exact, 4) : value;
    }

    /// <summary>Counts what must never happen.</summary>
    public void AddViolations(int count) => _results["violations"] = (_results["violations"]?.GetValue<int>() ?? 0) + count;

    public int Violations => _results["violations"]?.GetValue<int>() ?? 0;

    public void Print(TextWriter output)
    {
        string[][] cells = [["", "figure", "", "CPU µs", "Redis µs", "ratio", "wanted", ""], .. _rows.Select(row => row.Cells)];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        foreach (var row in cells)
            output.WriteLine(string.Join("  ", row.Select((cell, i) => i is 0 or 2 or 7 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }

    public Task WriteAsync(string path) => File.WriteAllTextAsync(path, _results.ToJsonString(Indented) + "\n");
}

/// <summary>A line of the table. The CPU columns are microseconds per request, of the server and of Redis.</summary>
internal sealed record Row(string What, double? Figure = null, string Unit = "")
{
    public double? Cpu { get; init; }

    public double? Redis { get; init; }

    /// <summary>SessionWeb's figure over this one.</summary>
    public double? Ratio { get; init; }

    /// <summary>What the ratio, or the figure where there is none, should reach.</summary>
    public Wanted? Wanted { get; init; }

    public string[] Cells =>
    [
        What, Text(Figure), Unit, Cpu?.ToString("0.0") ?? "", Redis?.ToString("0.0") ?? "", Ratio?.ToString("0.00") ?? "",
        Wanted?.ToString() ?? "", Wanted is null ? "" : Wanted.IsMetBy(Ratio ?? Figure!.Value) ? "met" : "MISSED",
    ];

    private static string Text(double? figure) =>
        figure?.ToString(figure is 0 or >= 100 ? "#,0" : figure >= 1 ? "0.0" : "0.0000", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A number to reach.</summary>
internal sealed record Wanted(double Limit, bool AtLeast)
{
    public static Wanted Least(double limit) => new(limit, true);

    public static Wanted Most(double limit) => new(limit, false);

    public bool IsMetBy(double figure) => AtLeast ? figure >= Limit : figure <= Limit;

    public override string ToString() => $"{(AtLeast ? '≥' : '≤')} {Limit}";
}
