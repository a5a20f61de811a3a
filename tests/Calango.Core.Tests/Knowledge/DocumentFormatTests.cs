using System.Text;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>What becomes of a document: its text in order, under its titles, by its kinds.</summary>
public sealed class DocumentFormatTests : IAsyncDisposable
{
    private const string Portuguese = "O relatório fala de como os dados foram colhidos e do que eles dizem sobre a cidade, que não para de crescer.";

    private readonly Reading _reading = new();

    public ValueTask DisposeAsync() => _reading.DisposeAsync();

    [Fact]
    public async Task A_word_document_has_its_headings_lists_and_tables()
    {
        var document = await _reading.ReadAsync("relatório.docx", Documents.Word(
            Documents.Paragraph("Colheita", "Titre1") + Documents.Paragraph(Portuguese) + Documents.Paragraph("sol", isItem: true) + Documents.Paragraph("chuva", isItem: true)
            + Documents.Paragraph("Anexos", "Titre1") + Documents.Table(["ano", "kg"], ["2025", "1|2"])));

        AssertUnits(
            document,
            (UnitKind.Paragraph, "Colheita", Portuguese),
            (UnitKind.List, "Colheita", "- sol\n- chuva"),
            (UnitKind.Table, "Anexos", "| ano | kg |\n| --- | --- |\n| 2025 | 1\\|2 |"));
    }

    [Fact]
    public async Task What_was_deleted_or_is_in_a_text_box_of_a_word_document_is_told_apart()
    {
        var document = await _reading.ReadAsync("a.docx", Documents.Word(
            "<w:p><w:r><w:t>kept</w:t></w:r><w:del w:id=\"1\"><w:r><w:delText> deleted</w:delText></w:r></w:del></w:p>"
            + $"<w:p><w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>{Documents.Paragraph("boxed")}</w:txbxContent></v:textbox></v:shape></w:pict><w:t>beside</w:t></w:r></w:p>"));

        Assert.Equal(["kept", "beside", "boxed"], document.Units.Select(unit => unit.Text));
    }

    [Fact]
    public async Task A_word_document_with_a_link_that_is_no_address_is_read_all_the_same() =>
        Assert.Equal("linked", Assert.Single((await _reading.ReadAsync("a.docx", Documents.Word(Documents.Paragraph("linked"), link: "mailto:a b@@c%%"))).Units).Text);

    [Fact]
    public async Task Slides_have_their_titles_points_and_speakers_notes()
    {
        var document = await _reading.ReadAsync("a.pptx", Documents.Slides("Plan", ["first", "second"], "say it slowly"));

        AssertUnits(document, (UnitKind.List, "Plan", "first\nsecond"), (UnitKind.Paragraph, "Plan", "say it slowly"));
        Assert.All(document.Units, unit => Assert.Equal(1, unit.Page));
        Assert.Equal(1, document.Pages);
    }

    [Fact]
    public async Task A_long_sheet_becomes_several_tables_each_with_the_header()
    {
        var rows = Enumerable.Range(1, 2000).Select(number => new[] { $"name {number}", $"{number * 7}" });

        var document = await _reading.ReadAsync("a.xlsx", Documents.Workbook("Stock", rows.Prepend(["article", "count"])));

        Assert.True(document.Units.Count > 1);
        Assert.All(document.Units, unit => Assert.StartsWith("| article | count |\n| --- | --- |\n| name ", unit.Text, StringComparison.Ordinal));
        Assert.All(document.Units, unit => Assert.Equal(["Stock"], unit.Headings));
        Assert.Equal(2000, document.Units.Sum(unit => unit.Text.Split('\n').Length - 2));
    }

    [Fact]
    public async Task A_book_is_read_in_the_order_of_its_spine()
    {
        var document = await _reading.ReadAsync("a.epub", Documents.Book("Two", ("one", "<h1>One</h1><p>begins</p>"), ("two", "<h2>Two</h2><p>ends</p>")));

        AssertUnits(document, (UnitKind.Paragraph, "One", "begins"), (UnitKind.Paragraph, "Two", "ends"));
        Assert.Equal("Two", document.Title);
    }

    [Fact]
    public async Task Of_a_web_page_what_is_around_the_text_is_left_out()
    {
        var document = await _reading.ReadAsync("a.txt", """
            <!DOCTYPE html><html><head><title>Page</title><script>alert(1)</script></head><body><nav>Home</nav><main><h1>Bread</h1>
            <p>Flour &amp; water,<br>and <b>salt</b>.</p><h2>Steps</h2><ol><li>mix<ul><li>well</li></ul></li><li>bake</li></ol><pre>dough()
              .Rise()</pre><table><tr><th>part<th>g</tr><tr><td>flour<td>500</tr></table><div hidden>secret</div></main><footer>© us</footer></body></html>
            """);

        AssertUnits(
            document,
            (UnitKind.Paragraph, "Bread", "Flour & water,\nand salt."),
            (UnitKind.List, "Bread > Steps", "1. mix\n  - well\n2. bake"),
            (UnitKind.Code, "Bread > Steps", "dough()\n  .Rise()"),
            (UnitKind.Table, "Bread > Steps", "| part | g |\n| --- | --- |\n| flour | 500 |"));
        Assert.Equal("Page", document.Title);
    }

    [Fact]
    public async Task Markdown_keeps_its_blocks_as_they_were_written()
    {
        var document = await _reading.ReadAsync("a.md", "# A\n\nSee [it](https://example.org).\n\nB\n---\n\n```cs\nvar a = 1;\n\nvar b = 2;\n```\n\n- x\n- y\n\n| h |\n|---|\n| c |\n\n## Empty\n");

        AssertUnits(
            document,
            (UnitKind.Paragraph, "A", "See [it](https://example.org)."),
            (UnitKind.Code, "A > B", "```cs\nvar a = 1;\n\nvar b = 2;\n```"),
            (UnitKind.List, "A > B", "- x\n- y"),
            (UnitKind.Table, "A > B", "| h |\n|---|\n| c |"),
            (UnitKind.Paragraph, "A", "Empty"));
    }

    [Fact]
    public async Task Markdown_nested_deeper_than_anybody_writes_is_plain_text() =>
        Assert.Contains("deep", Assert.Single((await _reading.ReadAsync("a.md", new string('>', 5000) + " deep")).Units).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("a.csv", "name,\"a, b\"\nx,1\n")]
    [InlineData("a.csv", "name;\"a, b\"\nx;1\n")]
    [InlineData("a.tsv", "name\ta, b\nx\t1\n")]
    public async Task Rows_of_cells_are_a_table_whatever_stands_between_them(string name, string text) =>
        AssertUnits(await _reading.ReadAsync(name, text), (UnitKind.Table, "", "| name | a, b |\n| --- | --- |\n| x | 1 |"));

    [Fact]
    public async Task A_text_with_commas_is_no_table() =>
        AssertUnits(await _reading.ReadAsync("a.txt", "First, this.\nThen, that.\n\nAt last, it."), (UnitKind.Paragraph, "", "First, this.\nThen, that."), (UnitKind.Paragraph, "", "At last, it."));

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("latin1", false)]
    public async Task Text_is_read_in_its_own_encoding(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);

        var document = await _reading.ReadAsync("a.txt", [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("Ação, coração e pão.")]);

        Assert.Equal("Ação, coração e pão.", Assert.Single(document.Units).Text);
    }

    [Fact]
    public async Task Code_is_one_piece_with_its_indentation() =>
        AssertUnits(await _reading.ReadAsync("a.py", "def f():\n    return 1\n\n\ndef g():\n    pass\n"), (UnitKind.Code, "", "def f():\n    return 1\n\n\ndef g():\n    pass"));

    [Fact]
    public async Task A_mail_has_its_headers_its_text_and_the_names_of_what_is_attached()
    {
        var document = await _reading.ReadAsync("a.eml", Mails.WithAttachment("Olá =?utf-8?q?mundo_=C3=A9?=", "We meet at noon.", "plan.txt", "the plan"));

        Assert.Equal("Olá mundo é", document.Title);
        Assert.All(document.Units.Take(2), unit => Assert.Equal(["Olá mundo é"], unit.Headings));
        Assert.Contains("From: Ana <ana@example.org>", document.Units[0].Text, StringComparison.Ordinal);
        Assert.Equal(["We meet at noon.", "- plan.txt"], document.Units.Skip(1).Select(unit => unit.Text));
    }

    [Theory]
    [InlineData("a.pdf")]
    [InlineData("a.zip")]
    [InlineData("a")]
    public async Task A_name_that_lies_is_not_believed(string name) =>
        Assert.Equal("inside", Assert.Single((await _reading.ReadAsync(name, Documents.Word(Documents.Paragraph("inside")))).Units).Text);

    [Theory]
    [InlineData("markitdown_test.docx", "Introduction", "49e168b7-d2ae-407f-a055-2167576f39a1")]
    [InlineData("markitdown_test.pptx", "A table to test parsing:", "1b92870d-e3b5-4e65-8153-919f4ff45592")]
    [InlineData("markitdown_test.xlsx", "Sheet1", "89")]
    [InlineData("markitdown_test.epub", "Chapter 1: Test Content", "A bullet point")]
    [InlineData("markitdown_test.pdf", "1 Introduction", "While there is contemporaneous exploration of multi-agent approaches")]
    [InlineData("pypdf_pdflatex-outline.pdf", "3 Baz", "This text should contain all letters of the alphabet")]
    [InlineData("pypdf_multicolumn.pdf", "Two-Column Document with Lorem Ipsum", "| Czech Republic | 10.7 | 78,866 | Prague | Czech |")]
    public async Task Documents_of_others_are_read(string name, string heading, string text)
    {
        var path = Path.Combine(TestFolders.Data, "documents", name);
        Assert.SkipUnless(File.Exists(path), "No test data: set CALANGO_TEST_DATA.");

        var document = await _reading.ReadFileAsync(path);

        Assert.Contains(document.Units, unit => unit.Headings.Contains(heading));
        Assert.Contains(document.Units, unit => unit.Text.Contains(text, StringComparison.Ordinal));
    }

    private static void AssertUnits(ExtractedDocument document, params (UnitKind, string, string)[] units) =>
        Assert.Equal(units, document.Units.Select(unit => (unit.Kind, string.Join(" > ", unit.Headings), unit.Text)));
}
