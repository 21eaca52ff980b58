namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Of many measurements, the one that stands for them.</summary>
internal static class Sample
{
    public static double Median(this IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Percentile(this IEnumerable<double> figures, int percent)
    {
        var sorted = figures.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }
}
