using Calango.Core.Templates;
using FsCheck;
using FsCheck.Fluent;

namespace Calango.Core.Tests.Templates;

public sealed class LineDiffTests
{
    [Fact]
    public void Lines_that_both_texts_have_stay_and_the_others_go_and_come() => Assert.Equal(
        ["  a", "- b", "+ B", "  c", "+ d"],
        LineDiff.Of("a\nb\nc", "a\nB\nc\nd").Select(Written));

    [Fact]
    public void Without_the_lines_that_have_come_it_is_the_one_text_and_without_those_that_have_gone_the_other()
    {
        var texts = Gen.Elements("a", "b", "c", "").ListOf().Select(lines => string.Join('\n', lines)).Two().ToArbitrary();

        Prop.ForAll(texts, pair =>
        {
            var lines = LineDiff.Of(pair.Item1, pair.Item2);
            return pair.Item1 == Joined(lines, LineChange.Added) && pair.Item2 == Joined(lines, LineChange.Removed);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Texts_that_are_too_large_to_compare_are_shown_one_after_the_other()
    {
        var (before, after) = (string.Join('\n', Enumerable.Range(0, 3_000)), string.Join('\n', Enumerable.Range(5_000, 3_000)));

        Assert.Equal(6_000, LineDiff.Of(before, after).Count);
    }

    private static string Joined(IEnumerable<DiffLine> lines, LineChange without) => string.Join('\n', lines.Where(line => line.Change != without).Select(line => line.Text));

    private static string Written(DiffLine line) => $"{(line.Change == LineChange.Same ? ' ' : line.Change == LineChange.Added ? '+' : '-')} {line.Text}";
}
