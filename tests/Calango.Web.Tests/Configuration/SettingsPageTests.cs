using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Configuration;

namespace Calango.Web.Tests.Configuration;

/// <summary>The page on which an administrator reads what is in force.</summary>
public sealed partial class SettingsPageTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_setting_is_there_with_its_value_and_where_that_comes_from_and_no_secret()
    {
        await using var app = await StartAsync(
            "turns:\n  maxConcurrent: 12\nopenai:\n  apiKey: sk-hush\n", ("CALANGO_TURNS_MAXANSWERLENGTH", "5000"), ("OPENAI_BASE_URL", "hush.example"), ("OLLAMA_HOST", ":11434"));
        using var ana = app.Visit();

        var preferences = await ana.GetAsync("/preferences", CancellationToken);
        var page = await ana.GetAsync(preferences.QuerySelector("#main a[href='/server/settings']")!.GetAttribute("href")!, CancellationToken);

        Assert.DoesNotContain("hush", page.Source.Text, StringComparison.Ordinal);
        Assert.Contains(_folder.File, page.QuerySelector("#main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("12, File, line 2", Said("turns.maxConcurrent"));
        Assert.Equal("5000, Set by environment: CALANGO_TURNS_MAXANSWERLENGTH", Said("turns.maxAnswerLength"));
        Assert.Equal("Not set, OPENAI_BASE_URL cannot be used and is left out", Said("openai.baseUrl"));
        Assert.Equal("***, File, line 4", Said("openai.apiKey"));
        Assert.Equal(":11434, Set by environment: OLLAMA_HOST", Said("ollama.host"));
        Assert.Equal("11434, 8080, 1234, 8000, 1337, 4000, Default", Said("discovery.ports"));

        string Said(string name)
        {
            var row = page.GetElementById($"setting-{name}")!;
            return $"{row.QuerySelector(".setting__value")!.TextContent.Trim()}, {row.QuerySelector(".badge")!.TextContent.Trim()}";
        }
    }

    [Fact]
    public async Task Every_setting_is_explained_as_the_command_explains_it_and_in_every_language()
    {
        await using var app = await StartAsync("");
        using var ana = app.Visit();
        using var output = new StringWriter();
        ConfigCommand.Run([], new Dictionary<string, string?> { ["CALANGO_CONFIG"] = _folder.File }, output);
        var names = Name().Matches(output.ToString()).Select(match => match.Groups[1].Value).ToList();

        var english = Hints(await ana.GetAsync("/server/settings", CancellationToken));
        await ana.PostAsync("/preferences", CancellationToken, ("language", "pt-BR"));
        var portuguese = Hints(await ana.GetAsync("/server/settings", CancellationToken));

        Assert.NotEmpty(names);
        Assert.Equal(names, english.Keys);
        Assert.All(english, hint => Assert.Equal(ExplanationOf(hint.Key), hint.Value));
        Assert.Equal(names, portuguese.Keys);
        Assert.All(portuguese, hint => Assert.NotEqual(english[hint.Key], hint.Value));

        static Dictionary<string, string> Hints(IDocument page) =>
            page.QuerySelectorAll(".setting").ToDictionary(row => row.Id!["setting-".Length..], row => row.QuerySelector(".setting__hint")!.TextContent);
    }

    private static string ExplanationOf(string name)
    {
        using var output = new StringWriter();
        ConfigCommand.Run(["explain", name], new Dictionary<string, string?>(), output);
        return output.ToString().Split('\n')[1];
    }

    private async Task<TestApp> StartAsync(string file, params (string Name, string Value)[] variables)
    {
        await File.WriteAllTextAsync(_folder.File, file, CancellationToken);
        return await TestApp.StartAsync(settings: [.. variables.Append(("CALANGO_CONFIG", _folder.File)).Select(variable => KeyValuePair.Create(variable.Item1, (string?)variable.Item2))]);
    }

    [GeneratedRegex(@"^([\w.]+) *= ", RegexOptions.Multiline)]
    private static partial Regex Name();
}
