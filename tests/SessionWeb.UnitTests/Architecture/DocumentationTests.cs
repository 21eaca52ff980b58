using System.Text.RegularExpressions;

namespace SessionWeb.UnitTests.Architecture;

public sealed partial class DocumentationTests
{
    public static IEnumerable<TheoryDataRow<string>> Documents() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split('/').Any(part => part is "node_modules" or "bin" or "obj" or "artifacts"))
            .Select(file => new TheoryDataRow<string>(file));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_existing_files(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var targets = Link().Matches(Read(document)).Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal));

        Assert.DoesNotContain(targets, target => !Path.Exists(Path.Combine(folder, target)));
    }

    [Fact]
    public void Steps_of_code_paths_name_existing_members()
    {
        var text = Read("docs/code-paths.md");
        var files = Reference().Matches(text).ToDictionary(
            reference => reference.Groups["name"].Value, reference => reference.Groups["target"].Value);
        var steps = Step().Matches(text);

        Assert.InRange(steps.Count, 30, 100);
        Assert.DoesNotContain(steps, step => !HasMember(
            Read(Path.Combine("docs", files[step.Groups["name"].Value])), step.Groups["member"].Value));
    }

    // Declared or called there: a method, a property or a local function, not a word in a comment.
    private static bool HasMember(string code, string member) =>
        Regex.IsMatch(code, $@"\b{member}(<\w+>)?(\(| =>|\s+\{{)", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    // [text](target#anchor) and [name]: target
    [GeneratedRegex(@"(\]\(|^\[[^\]]+\]: )(?<target>[^)#\s]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\[(?<name>\w+)\]: (?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Reference();

    // [File.cs][name]: `Member`
    [GeneratedRegex(@"\[[\w.]+\]\[(?<name>\w+)\]:\s+`(?<member>\w+)`")]
    private static partial Regex Step();
}
