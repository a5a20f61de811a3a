using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests;

public sealed partial class LocaleTests
{
    // The keys whose end is a code that another part of the program chooses.
    private static readonly string[] OpenEnded = ["chat.failure.", "error.", "failure.", "invalid.", "knowledge.failure."];

    // A failure's code is the name of an enum's member.
    private static readonly HashSet<string> Codes = [.. new[] { Assemblies.Sdk, Assemblies.Core, Assemblies.Web }
        .SelectMany(assembly => assembly.MainModule.GetTypes()).Where(type => type.IsEnum)
        .SelectMany(type => type.Fields).Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name))];

    private static readonly IReadOnlyDictionary<string, string> English = Read(Path.Combine(TestFolders.Repository, "locales/en.json"));
    private static readonly HashSet<string> Literals = LiteralsOf(Sources.Translated());

    public static TheoryData<string> LocaleFolders() =>
        [.. Directory.GetDirectories(TestFolders.Repository, "locales").Concat(Directory.GetDirectories(Path.Combine(TestFolders.Repository, "plugins"))
            .Select(plugin => Path.Combine(plugin, "locales")).Where(Directory.Exists)).Select(folder => Path.GetRelativePath(TestFolders.Repository, folder))];

    [Theory]
    [MemberData(nameof(LocaleFolders))]
    public void Every_language_has_the_same_sorted_keys_and_no_empty_text(string folder)
    {
        var languages = Directory.GetFiles(Path.Combine(TestFolders.Repository, folder), "*.json");

        Assert.Contains(languages, file => Path.GetFileName(file) == "en.json");
        Assert.Contains(languages, file => Path.GetFileName(file) == "pt-BR.json");
        var source = Read(Path.Combine(TestFolders.Repository, folder, "en.json"));
        Assert.Equal(source.Keys.Order(StringComparer.Ordinal), source.Keys);
        Assert.All(languages, file => Assert.Equal(source.Keys, Read(file).Keys));
        Assert.All(languages, file => Assert.DoesNotContain(Read(file).Values, string.IsNullOrWhiteSpace));
    }

    [Theory]
    [MemberData(nameof(LocaleFolders))]
    public void Every_language_fills_the_same_placeholders(string folder)
    {
        var source = Read(Path.Combine(TestFolders.Repository, folder, "en.json"));

        foreach (var file in Directory.GetFiles(Path.Combine(TestFolders.Repository, folder), "*.json"))
        {
            Rule.IsBrokenByNone(Read(file).Where(text => !Placeholders(text.Value).SetEquals(Placeholders(source[text.Key]))).Select(text => $"{file}: {text.Key}"));
        }
    }

    [Fact]
    public void Every_key_that_the_code_names_exists()
    {
        var families = English.Keys.Select(key => key.Split('.')[0]).ToHashSet();

        // The name of an attribute in OpenTelemetry's conventions, two of OpenAI's kinds of objects, what webhooks are told, and a setting.
        string[] noKeys = ["error.type", "chat.completion", "chat.completion.chunk", "turn.ended", "knowledge.folders"];

        // A plugin's words may be another protocol's; its keys are in its own folder.
        Rule.IsBrokenByNone(LiteralsOf(Sources.TranslatedByServer()).Where(text => !noKeys.Contains(text)).Where(text => KeyShape().IsMatch(text) && families.Contains(text.Split('.')[0]) && !Exists(text)));
    }

    [Fact]
    public void Every_failure_has_a_sentence() => Rule.IsBrokenByNone(Sources.Translated()
        .SelectMany(file => NewFailure().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
        .Where(code => !Array.Exists(OpenEnded, start => English.ContainsKey(start + code))));

    [Fact]
    public void Every_key_is_used()
    {
        var beginnings = Literals.Where(text => text.Contains('{')).Select(text => text[..text.IndexOf('{')]).Where(text => text.EndsWith('.') && text.Length > 2).Except(OpenEnded).ToArray();

        Rule.IsBrokenByNone(English.Keys.Where(key => !IsUsed(key) && !Array.Exists(beginnings, beginning => Begins(key, beginning))));
    }

    // In text, or where only the end of the key is there.
    private static bool Begins(string key, string beginning) =>
        key.StartsWith(beginning, StringComparison.Ordinal) || Array.Exists(OpenEnded, start => key.StartsWith(start + beginning, StringComparison.Ordinal));

    private static HashSet<string> LiteralsOf(IEnumerable<string> files) =>
        [.. files.SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];

    // A plural is named by its base: "chats" for "chats.one" and "chats.other".
    private static bool Exists(string key) =>
        English.ContainsKey(key) || English.ContainsKey(key + ".other") || Array.Exists(OpenEnded, start => English.ContainsKey(start + key));

    private static bool IsUsed(string key) =>
        Literals.Contains(key) || Literals.Contains(PluralEnd().Replace(key, ""))
        || Array.Exists(OpenEnded, beginning => key.StartsWith(beginning, StringComparison.Ordinal) && (Literals.Contains(key[beginning.Length..]) || Codes.Contains(key[(key.LastIndexOf('.') + 1)..])));

    private static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value)];

    private static IReadOnlyDictionary<string, string> Read(string file) => JsonSerializer.Deserialize<OrderedDictionary<string, string>>(File.ReadAllText(file))!;

    // Looks ahead and takes nothing: in a page, a key stands in quotes within an attribute's quotes.
    [GeneratedRegex("""["'](?=([^"'\r\n]+)["'])""")]
    private static partial Regex Literal();

    [GeneratedRegex("""^[a-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$(?<!\.(?:css|js|json|svg|png|md|html|dll|db))""")]
    private static partial Regex KeyShape();

    [GeneratedRegex("""new (?:Failure|ExtractionException|UnreadableException)\("([^"{]+)"[,)]""")]
    private static partial Regex NewFailure();

    [GeneratedRegex("""\.(one|other)$""")]
    private static partial Regex PluralEnd();

    [GeneratedRegex("""\{[a-zA-Z]+\}""")]
    private static partial Regex Placeholder();
}
