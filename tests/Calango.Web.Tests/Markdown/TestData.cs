using System.Text.Json;

namespace Calango.Web.Tests.Markdown;

/// <summary>Public corpora that are not kept in the repository: CALANGO_TEST_DATA names their folder. Without them a test skips, visibly.</summary>
internal static class TestData
{
    public sealed record Example(int Number, string Section, string Markdown, string Html);

    public static IReadOnlyList<Example> CommonMark()
    {
        using var json = JsonDocument.Parse(Read("commonmark-0.31.2.json"));
        return [.. json.RootElement.EnumerateArray().Select(example => new Example(
            example.GetProperty("example").GetInt32(),
            example.GetProperty("section").GetString()!,
            example.GetProperty("markdown").GetString()!,
            example.GetProperty("html").GetString()!))];
    }

    /// <summary>Examples in the format of markdown-it: a dot, the source, a dot, the HTML, a dot.</summary>
    public static IReadOnlyList<Example> MarkdownIt(string file)
    {
        var text = Read(file).Split('\n');
        var dots = text.Index().Where(line => line.Item == ".").Select(line => line.Index).ToArray();
        return [.. dots.Chunk(3).Where(dot => dot.Length == 3).Select((dot, number) => new Example(
            number + 1, file, Between(text, dot[0], dot[1]), Between(text, dot[1], dot[2])))];
    }

    private static string Between(string[] lines, int from, int to) => string.Join('\n', lines[(from + 1)..to]) + "\n";

    private static string Read(string file)
    {
        var root = Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") ?? Path.Combine(RepositoryRoot(), "..", "shared", "data");
        var path = Path.Combine(root, "markdown", file);
        Assert.SkipUnless(File.Exists(path), $"{file} is not here: set CALANGO_TEST_DATA");
        return File.ReadAllText(path);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Calango.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
