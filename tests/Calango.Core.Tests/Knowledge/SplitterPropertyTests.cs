using Calango.Core.Knowledge;
using FsCheck;
using FsCheck.Fluent;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Whatever the document: nothing of it is lost, nothing is longer than the model reads, and neighbours share no more than they may.</summary>
public sealed class SplitterPropertyTests
{
    // How models count: words, letters by fours, and letters of which some take several tokens.
    private static readonly Func<string, int>[] Counters =
    [
        text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        text => (text.Length + 3) / 4,
        text => (text.Sum(letter => char.IsAscii(letter) ? 1 : 3) + 1) / 2,
    ];

    [Fact]
    public void Every_word_is_in_a_window_and_every_window_fits() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(Cases().ToArbitrary(), IsWhole));

    private static void IsWhole(Case given)
    {
        var count = Counters[given.Counter];
        // Nothing here waits: the task has ended.
        var passages = new Splitter().SplitAsync(new ExtractedDocument(null, null, given.Units), given.Options, (texts, _) => Task.FromResult<IReadOnlyList<int>>([.. texts.Select(count)]), CancellationToken.None).GetAwaiter().GetResult();
        var windows = passages.SelectMany(passage => passage.Windows).ToList();

        Assert.All(windows, window => Assert.InRange(count(window), 1, given.Options.WindowTokens));
        // Every word has a number of its own, so that its place is known.
        var words = given.Units.SelectMany(unit => unit.Text.Split(' ', '\n').Where(word => word.Contains('#', StringComparison.Ordinal))).ToList();
        var shown = passages.SelectMany((passage, index) => Words(passage.Text).Select(word => (word, index))).ToLookup(found => found.word, found => found.index);
        Assert.All(words.Where(word => word.Length < 40), word => Assert.Contains(windows, window => window.Contains(word, StringComparison.Ordinal)));
        Assert.Equal(words, passages.SelectMany(passage => Words(passage.Text)).Distinct());
        Assert.All(words, word => Assert.InRange(shown[word].Count(), 1, 2));
        Assert.All(passages.Zip(passages.Skip(1)), pair => Assert.InRange(SharedTokens(pair.First, pair.Second, count), 0, Math.Max(0, given.Options.OverlapTokens)));
        Assert.All(given.Units.SelectMany(unit => unit.Headings), title => Assert.Contains(windows, window => window.Contains(title, StringComparison.Ordinal)));
    }

    private static int SharedTokens(PassageDraft first, PassageDraft second, Func<string, int> count)
    {
        var shared = Words(first.Text).Intersect(Words(second.Text)).ToList();
        return shared.Count == 0 ? 0 : count(string.Join(' ', shared));
    }

    private static IEnumerable<string> Words(string text) => text.Split(' ', '\n').Where(word => word.Contains('#', StringComparison.Ordinal));

    private static Gen<Case> Cases() =>
        from units in Units().ListOf().Where(units => units.Count > 0)
        from chunk in Gen.Choose(8, 120)
        from overlap in Gen.Choose(0, 40)
        from window in Gen.Choose(40, 120)
        from counter in Gen.Choose(0, Counters.Length - 1)
        select new Case(Numbered(units), new SplitOptions(chunk, overlap, window), counter);

    private static Gen<ExtractedUnit> Units() =>
        from kind in Gen.Elements(Enum.GetValues<UnitKind>())
        from words in Gen.Choose(1, 60)
        from every in Gen.Choose(1, 25)
        from headings in Gen.Elements<string[]>([], ["Alfa"], ["Alfa", "Beta"], ["Gama ção"])
        from page in Gen.Choose(1, 9)
        select new ExtractedUnit(kind, headings, page, Body(kind, words, every));

    private static string Body(UnitKind kind, int words, int every) => kind switch
    {
        UnitKind.Table => "| x | y |\n| --- | --- |\n" + string.Join('\n', Enumerable.Range(0, Math.Max(1, words / 2)).Select(_ => "| # | # |")),
        UnitKind.Paragraph => string.Join(' ', Enumerable.Range(1, words).Select(number => number % every == 0 ? "Ção#." : "A#")),
        UnitKind.List => string.Join('\n', Enumerable.Range(1, words).Select(number => number % every == 0 ? "- b# c#" : "- a#")),
        _ => string.Join('\n', Enumerable.Range(1, words).Select(number => number % every == 0 ? "\nf#" : "  g# h#")),
    };

    private static IReadOnlyList<ExtractedUnit> Numbered(IEnumerable<ExtractedUnit> units)
    {
        var number = 0;
        return [.. units.Select(unit => unit with { Text = string.Concat(unit.Text.Select(letter => letter == '#' ? $"{number++}#" : $"{letter}")) })];
    }

    private sealed record Case(IReadOnlyList<ExtractedUnit> Units, SplitOptions Options, int Counter);
}
