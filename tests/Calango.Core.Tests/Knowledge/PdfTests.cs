using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>PDF has no titles, lists or tables: they are found by where the words stand and how large they are.</summary>
public sealed class PdfTests : IAsyncDisposable
{
    private readonly Reading _reading = new();

    public PdfTests() => Assert.SkipUnless(Pdfs.CanBeRead, "poppler-utils is not installed; ./calango test does it.");

    public ValueTask DisposeAsync() => _reading.DisposeAsync();

    [Fact]
    public async Task Large_letters_are_titles_and_each_text_has_its_page()
    {
        var document = await _reading.ReadAsync("a.pdf", Pdfs.OfLines(
            [(20, 60, 700, "Harvest"), (11, 60, 640, "The first page speaks of maize and of the"), (11, 60, 626, "weather, which was unfore-"), (11, 60, 612, "seen by everybody.")],
            [(11, 60, 640, "The second one goes on about it.")]));

        Assert.Equal(
            [("Harvest", 1, "The first page speaks of maize and of the weather, which was unforeseen by everybody."), ("Harvest", 2, "The second one goes on about it.")],
            document.Units.Select(unit => (string.Join(" > ", unit.Headings), unit.Page!.Value, unit.Text)));
        Assert.Equal(2, document.Pages);
    }

    [Fact]
    public async Task Short_pieces_below_each_other_are_a_table()
    {
        string[][] cells = [["city", "people", "area"], ["Recife", "1 488 920", "218"], ["Natal", "751 300", "167"], ["Olinda", "349 976", "41"]];

        var document = await _reading.ReadAsync("a.pdf", Pdfs.OfLines(
            [(11, 60, 700, "These are three cities of the north east of Brazil, with what is known of them today."), .. cells.SelectMany((row, y) => row.Select((cell, x) => (11, 60 + (150 * x), 640 - (20 * y), cell)))]));

        var table = Assert.Single(document.Units, unit => unit.Kind == UnitKind.Table);
        Assert.Equal("| city | people | area |\n| --- | --- | --- |\n| Recife | 1 488 920 | 218 |\n| Natal | 751 300 | 167 |\n| Olinda | 349 976 | 41 |", table.Text);
        Assert.Equal(2, document.Units.Count);
    }

    [Fact]
    public async Task What_stands_on_top_of_every_page_is_there_once_and_no_number_of_a_page_is()
    {
        var document = await _reading.ReadAsync("a.pdf", Pdfs.OfLines([.. Enumerable.Range(1, 5).Select(page => new[]
        {
            (9, 60, 810, $"Yearly report - page {page}"), (11, 60, 600, $"What page number {page} says is said nowhere else."), (9, 290, 30, $"{page}"),
        })]));

        Assert.Equal(6, document.Units.Count);
        Assert.Equal(1, document.Units.Count(unit => unit.Text.StartsWith("Yearly report", StringComparison.Ordinal)));
        Assert.Equal(5, document.Units.Count(unit => unit.Text.StartsWith("What page number", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_that_is_a_picture_is_read_by_its_looks()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tesseract"), "tesseract-ocr is not installed; ./calango test does it.");

        var document = await _reading.ReadAsync("a.pdf", await Pdfs.ScanAsync("The committee met on Monday", "and decided about the bridge."));

        Assert.Contains("committee met on Monday", string.Join(' ', document.Units.Select(unit => unit.Text)), StringComparison.Ordinal);
        Assert.All(document.Units, unit => Assert.Equal(1, unit.Page));
    }
}
