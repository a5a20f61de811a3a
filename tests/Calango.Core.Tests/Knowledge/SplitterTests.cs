using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Passages follow the structure of a document, and none is longer than the model reads.</summary>
public sealed class SplitterTests
{
    private static readonly SplitOptions Small = new(ChunkTokens: 12, OverlapTokens: 4, WindowTokens: 24);

    [Fact]
    public async Task A_passage_stands_under_its_titles_and_has_nothing_of_the_next_section()
    {
        var passages = await SplitAsync(new SplitOptions(200, 40, 240), Text("It rains.", "Guide", "Weather"), Text("Bring a coat.", "Guide", "Weather"), Text("Take the bus.", "Guide", "Ways"));

        Assert.Equal([("Guide > Weather", "It rains.\n\nBring a coat."), ("Guide > Ways", "Take the bus.")], passages.Select(passage => (passage.Headings, passage.Text)));
        Assert.Equal(["Guide > Weather\nIt rains.\n\nBring a coat."], passages[0].Windows);
    }

    [Fact]
    public async Task Tables_and_code_are_mixed_with_nothing_and_a_list_stays_with_its_paragraph()
    {
        var passages = await SplitAsync(
            new SplitOptions(200, 40, 240), Text("We need:"), new(UnitKind.List, [], 1, "- rope\n- time"), new(UnitKind.Table, [], 1, "| a |\n| --- |\n| 1 |"), new(UnitKind.Code, [], 2, "run()"), Text("The end."));

        Assert.Equal([UnitKind.Paragraph, UnitKind.Table, UnitKind.Code, UnitKind.Paragraph], passages.Select(passage => passage.Kind));
        Assert.Equal("We need:\n\n- rope\n- time", passages[0].Text);
    }

    [Fact]
    public async Task Neighbours_share_whole_sentences_and_no_more_than_they_may()
    {
        var passages = await SplitAsync(Small, Text("One two three four. Five six seven. Eight nine ten. Eleven twelve thirteen fourteen. Fifteen sixteen seventeen."));

        Assert.Equal(
            ["One two three four. Five six seven. Eight nine ten.", "Eight nine ten. Eleven twelve thirteen fourteen. Fifteen sixteen seventeen."],
            passages.Select(passage => passage.Text));
    }

    [Fact]
    public async Task A_passage_ends_rather_with_a_paragraph_than_within_one() =>
        Assert.Equal(
            ["One two three four five six seven.", "Eight nine ten. Eleven twelve thirteen fourteen. Fifteen sixteen."],
            (await SplitAsync(Small with { OverlapTokens = 0 }, Text("One two three four five six seven."), Text("Eight nine ten. Eleven twelve thirteen fourteen. Fifteen sixteen."))).Select(passage => passage.Text));

    [Fact]
    public async Task A_divided_table_has_its_header_in_each_part_and_each_row_once()
    {
        var rows = string.Join('\n', Enumerable.Range(1, 9).Select(number => $"| r{number} |"));

        var passages = await SplitAsync(new SplitOptions(20, 8, 40), new ExtractedUnit(UnitKind.Table, ["T"], 3, "| h |\n| - |\n" + rows));

        Assert.True(passages.Count > 1);
        Assert.All(passages, passage => Assert.StartsWith("| h |\n| - |\n| r", passage.Text, StringComparison.Ordinal));
        Assert.Equal(rows, string.Join('\n', passages.Select(passage => passage.Text["| h |\n| - |\n".Length..])));
        Assert.All(passages, passage => Assert.StartsWith("T\n| h |\n", Assert.Single(passage.Windows), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_is_cut_where_a_definition_begins()
    {
        const string code = "def one():\n    a = 1\n\n    return a\n\ndef two():\n    b = 2\n\n    return b\n\ndef three():\n    return 3";

        var passages = await SplitAsync(new SplitOptions(9, 4, 24), new ExtractedUnit(UnitKind.Code, [], null, code));

        Assert.Equal(["def one():\n    a = 1\n\n    return a", "def two():\n    b = 2\n\n    return b", "def three():\n    return 3"], passages.Select(passage => passage.Text));
    }

    [Fact]
    public async Task A_sentence_longer_than_the_window_is_one_passage_with_several_windows_that_overlap()
    {
        var sentence = string.Join(' ', Enumerable.Range(1, 50).Select(number => $"w{number}")) + ".";

        var passage = Assert.Single(await SplitAsync(Small, Text(sentence, "Title")));

        Assert.Equal(sentence, passage.Text);
        Assert.True(passage.Windows.Count > 2);
        Assert.All(passage.Windows, window => Assert.InRange(Count(window), 2, Small.WindowTokens));
        Assert.All(passage.Windows, window => Assert.StartsWith("Title\n", window, StringComparison.Ordinal));
        Assert.EndsWith("w50.", passage.Windows[^1], StringComparison.Ordinal);
        Assert.All(passage.Windows.Zip(passage.Windows.Skip(1)), pair => Assert.Contains(LastWord(pair.First), pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_without_an_end_is_cut_into_passages()
    {
        var text = string.Join(' ', Enumerable.Range(1, 1000).Select(number => $"w{number}"));

        var passages = await SplitAsync(Small, Text(text));

        Assert.All(passages, passage => Assert.InRange(passage.Tokens, 1, Small.ChunkTokens));
        Assert.Equal(text, string.Join(' ', passages.Select(passage => passage.Text)));
    }

    [Fact]
    public async Task A_title_that_the_window_has_no_room_for_is_text()
    {
        var title = string.Join(' ', Enumerable.Range(1, 20).Select(number => $"t{number}"));

        var passages = await SplitAsync(Small, Text("One.", title, "Short"), Text("Two.", title));

        Assert.Contains("Short\nOne.", passages.SelectMany(passage => passage.Windows));
        Assert.Equal(1, passages.SelectMany(passage => passage.Windows).Count(window => window.Contains("t20", StringComparison.Ordinal)));
        Assert.Equal($"{title} > Short", passages.First(passage => passage.Text == "One.").Headings);
    }

    [Fact]
    public async Task A_passage_over_the_end_of_a_page_says_both()
    {
        var passage = Assert.Single(await SplitAsync(new SplitOptions(200, 40, 240), new(UnitKind.Paragraph, [], 4, "Begins here"), new(UnitKind.Paragraph, [], 5, "and ends there.")));

        Assert.Equal((4, 5), (passage.Page, passage.LastPage));
    }

    [Theory]
    [InlineData("Call Dr. Who? No! He is J. Smith. See p. 4. End", "Call Dr. |Who? |No! |He is J. Smith. |See p. |4. |End")]
    [InlineData("He said “stop.” Then 3.5 km on.", "He said “stop.” |Then 3.5 km on.")]
    [InlineData("これは文です。次の文。", "これは文です。|次の文。")]
    public void Sentences_end_where_one_would_say(string text, string sentences) => Assert.Equal(sentences.Split('|'), Sentences.Of(text));

    private static ExtractedUnit Text(string text, params string[] headings) => new(UnitKind.Paragraph, headings, null, text);

    private static Task<IReadOnlyList<PassageDraft>> SplitAsync(SplitOptions options, params ExtractedUnit[] units) =>
        new Splitter().SplitAsync(new ExtractedDocument(null, null, units), options, (texts, _) => Task.FromResult<IReadOnlyList<int>>([.. texts.Select(Count)]), TestContext.Current.CancellationToken);

    private static int Count(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static string LastWord(string text) => text.Split(' ')[^1].Trim();
}
