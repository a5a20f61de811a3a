using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Calango.Web.Configuration;

namespace Calango.Web.Tests.Configuration;

/// <summary>calango.example.yml and the server know the same settings and say the same about them.</summary>
public sealed partial class ExampleFileTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task As_it_is_the_example_changes_nothing()
    {
        File.Copy(Example, _folder.File);

        Assert.All((await OriginsAsync()).Values, origin => Assert.Equal("default", origin));
    }

    [Fact]
    public async Task With_every_line_in_use_the_example_sets_every_setting_and_no_other()
    {
        await File.WriteAllTextAsync(_folder.File, CommentedKey().Replace(await File.ReadAllTextAsync(Example, TestContext.Current.CancellationToken), "$1$2:").Replace("secret: \"…\"", "secret: 0123456789abcdefghijklmnopqrstuv", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.All(await OriginsAsync(), origin => Assert.StartsWith($"{_folder.File}:", origin.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_example_explains_every_setting_as_the_server_does()
    {
        var example = await File.ReadAllTextAsync(Example, TestContext.Current.CancellationToken);
        foreach (var name in (await OriginsAsync()).Keys)
        {
            using var output = new StringWriter();
            ConfigCommand.Run(["explain", name], new Dictionary<string, string?>(), output);
            var said = output.ToString().Split('\n');
            var comment = said.Where((line, index) => index is 1 or 2 || line.StartsWith("Variable: ", StringComparison.Ordinal)).Select(line => $"# {line.Split(", with ;")[0]}");
            var indent = name.Contains('.', StringComparison.Ordinal) ? "  " : "";

            Assert.Contains(string.Concat(comment.Select(line => $"{indent}{line}\n")) + $"{indent}#{name.Split('.')[^1]}: ", example, StringComparison.Ordinal);
        }
    }

    private static string Example => Path.Combine(TestFolders.Repository, "calango.example.yml");

    private async Task<Dictionary<string, string>> OriginsAsync()
    {
        var (exitCode, output, error) = await _folder.RunAsync("config");
        Assert.Equal((0, ""), (exitCode, error));
        var origins = Line().Matches(output).ToDictionary(line => line.Groups["name"].Value, line => line.Groups["origin"].Value);
        Assert.NotEmpty(origins);
        return origins;
    }

    // A # that a key follows at once; one with a space after it begins an explanation.
    [GeneratedRegex(@"^( *)#(\w+):", RegexOptions.Multiline)]
    private static partial Regex CommentedKey();

    [GeneratedRegex(@"^(?<name>[\w.]+) *= .*  \((?<origin>.*)\)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
