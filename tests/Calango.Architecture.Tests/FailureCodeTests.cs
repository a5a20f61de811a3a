using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests;

/// <summary>An operator who sees a code in a log, a trace or a metric finds it in the pages.</summary>
public sealed partial class FailureCodeTests
{
    // The sentences of turns that failed: LocaleTests holds that each code has one.
    private static readonly string[] Sentences = ["chat.failure.", "failure.provider.", "failure.plugin.", "failure.connection."];

    [Fact]
    public void The_table_for_operators_has_every_code_of_a_turn_that_failed_and_no_other()
    {
        Assert.Equal(Codes().Order(StringComparer.Ordinal), Documented("## Why an answer failed"));
    }

    [Fact]
    public void The_table_for_operators_has_every_code_of_a_document_that_was_not_read_and_no_other()
    {
        const string start = "knowledge.failure.";
        Assert.Equal(Keys().Where(key => key.StartsWith(start, StringComparison.Ordinal)).Select(key => key[start.Length..]).Order(StringComparer.Ordinal), Documented("## Why a document was not read"));
    }

    private static IEnumerable<string> Documented(string title)
    {
        var page = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs/operating.md"));
        var start = page.IndexOf(title, StringComparison.Ordinal);
        var table = page[start..page.IndexOf("\n## ", start, StringComparison.Ordinal)];
        return Row().Matches(table).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Codes()
    {
        var kinds = Assemblies.Sdk.MainModule.GetType("Calango.Sdk.ProviderErrorKind").Fields.Where(field => field.IsStatic)
            .Select(field => "provider." + JsonNamingPolicy.CamelCase.ConvertName(field.Name));
        var said = Keys().Where(key => Array.Exists(Sentences, start => key.StartsWith(start, StringComparison.Ordinal)))
            .Select(key => key[(key.IndexOf("failure.", StringComparison.Ordinal) + "failure.".Length)..]);
        return kinds.Union(said);
    }

    private static IEnumerable<string> Keys() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(TestFolders.Repository, "locales/en.json")))!.Keys;

    [GeneratedRegex(@"^\| `([A-Za-z.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
