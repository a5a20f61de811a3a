using System.IO.Compression;
using System.Text;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Whatever a document does to its reader: it has a name, and the next one is read.</summary>
public sealed class BadDocumentTests : IAsyncDisposable
{
    private const string Entities = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    private const string Elsewhere = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";

    private Reading _reading = new();

    public async ValueTask DisposeAsync()
    {
        var good = await _reading.ReadAsync("good.txt", "good");
        Assert.Equal("good", Assert.Single(good.Units).Text);
        await _reading.DisposeAsync();
    }

    [Fact]
    public async Task A_file_without_a_byte_is_empty() => Assert.Equal("empty", await _reading.RefusalAsync([]));

    [Theory]
    [InlineData(" \n\t\n ")]
    [InlineData("<html><body><script>var a;</script></body></html>")]
    public async Task A_document_without_a_word_is_said_to_have_none(string text) => Assert.Equal("noText", await _reading.RefusalAsync(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task A_file_over_the_limit_is_not_opened()
    {
        await Use(new ExtractionLimits { FileBytes = 1 << 20 });
        Assert.Equal("tooLarge", await _reading.RefusalAsync(new byte[(1 << 20) + 1]));
    }

    [Fact]
    public async Task What_is_no_document_is_not_supported()
    {
        Assert.Equal("unsupported", await _reading.RefusalAsync([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 0, 1, 2, 3], "a.docx"));
        Assert.Equal("unsupported", await _reading.RefusalAsync(Encoding.ASCII.GetBytes("{\\rtf1 hello}"), "a.txt"));
        Assert.Equal("unsupported", await _reading.RefusalAsync(Documents.Zip(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")), "a.odt"));
    }

    [Theory]
    [InlineData("WordDocument", "legacyOffice")]
    [InlineData("PowerPoint Document", "legacyOffice")]
    [InlineData("EncryptedPackage", "encrypted")]
    [InlineData("Something", "unsupported")]
    public async Task Documents_of_old_office_and_locked_ones_are_told_apart(string stream, string code)
    {
        var file = new byte[4096];
        ((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(file);
        file[30] = 9;
        Encoding.Unicode.GetBytes(stream).CopyTo(file, 512 + 128);

        Assert.Equal(code, await _reading.RefusalAsync(file));
    }

    [Fact]
    public async Task A_locked_pdf_asks_for_its_password_to_be_taken_off()
    {
        var path = Path.Combine(TestFolders.Data, "documents", "pypdf_libreoffice-writer-password.pdf");
        Assert.SkipUnless(File.Exists(path) && Pdfs.CanBeRead, "No test data, or no poppler.");

        Assert.Equal("encrypted", await _reading.RefusalAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("%PDF-1.7\nnothing that a PDF has")]
    [InlineData("PK\u0003\u0004 and then nothing of a zip")]
    public async Task What_is_cut_off_or_garbled_is_malformed(string text) => Assert.Equal("malformed", await _reading.RefusalAsync(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public async Task A_word_document_that_is_cut_off_is_malformed() => Assert.Equal("malformed", await _reading.RefusalAsync(Documents.Word("<w:p><w:r>")));

    [Theory]
    [InlineData(Entities)]
    [InlineData(Elsewhere)]
    public async Task Xml_that_grows_or_reads_other_files_is_not_opened(string prolog)
    {
        Assert.Equal("unsafeXml", await _reading.RefusalAsync(Documents.Word(Documents.Paragraph("&b;&x;"), prolog)));
        Assert.Equal("unsafeXml", await _reading.RefusalAsync(Documents.Zip(("mimetype", "application/epub+zip"), ("META-INF/container.xml", prolog + "<container/>"))));
    }

    [Fact]
    public async Task Xml_hidden_from_a_look_at_its_beginning_is_not_believed_either()
    {
        var prolog = $"<!--{new string('x', 10_000)}-->{Elsewhere}";
        Assert.Equal("malformed", await _reading.RefusalAsync(Documents.Word(Documents.Paragraph("&x;"), prolog)));
    }

    [Fact]
    public async Task A_document_that_unpacks_to_gigabytes_is_stopped()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("[Content_Types].xml").Open().Dispose();
            using var entry = zip.CreateEntry("word/document.xml").Open();
            var spaces = new byte[1 << 20];
            Array.Fill(spaces, (byte)' ');
            for (var megabyte = 0; megabyte < 64; megabyte++)
            {
                entry.Write(spaces);
            }
        }

        Assert.Equal("zip.bomb", await _reading.RefusalAsync(bytes.ToArray()));
    }

    [Fact]
    public async Task A_document_that_wants_more_memory_than_its_reader_has_ends_alone()
    {
        await Use(new ExtractionLimits { HeapBytes = 64 << 20 });
        var page = Encoding.UTF8.GetBytes("<html><body>" + string.Concat(Enumerable.Repeat("<p><b>x</b></p>", 1_000_000)));

        Assert.Contains(await _reading.RefusalAsync(page), new[] { "tooMuchMemory", "readerDied" });
    }

    [Fact]
    public async Task A_page_nested_deeper_than_anybody_writes_is_read_or_given_up()
    {
        await Use(new ExtractionLimits { Silence = TimeSpan.FromSeconds(5) });

        Assert.Equal("deep inside", Assert.Single((await _reading.ReadAsync("a.html", Nested(2000))).Units).Text);
        Assert.Contains(await _reading.RefusalAsync(Nested(200_000)), new[] { "tookTooLong", "readerDied" });
    }

    [Fact]
    public async Task A_document_with_more_text_than_is_kept_is_refused()
    {
        await Use(new ExtractionLimits { OutputBytes = 1 << 20 });
        Assert.Equal("tooMuchText", await _reading.RefusalAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("And so on.\n\n", 100_000)))));
    }

    [Fact]
    public async Task A_document_that_takes_for_ever_is_given_up()
    {
        Assert.SkipUnless(Pdfs.CanBeRead, "poppler-utils is not installed; ./calango test does it.");
        var endless = Pdfs.Endless();

        await Use(new ExtractionLimits { Silence = TimeSpan.FromSeconds(2) });
        Assert.Equal("tookTooLong", await _reading.RefusalAsync(endless));
        await Use(new ExtractionLimits { Whole = TimeSpan.FromSeconds(2) });
        Assert.Equal("tookTooLong", await _reading.RefusalAsync(endless));
    }

    [Fact]
    public async Task Who_asked_may_think_better_of_it()
    {
        Assert.SkipUnless(Pdfs.CanBeRead, "poppler-utils is not installed; ./calango test does it.");
        var path = Path.Combine(_reading.Folder, "endless");
        await File.WriteAllBytesAsync(path, Pdfs.Endless(), TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reading.ReadFileAsync(path, cancel.Token));
    }

    [Fact]
    public async Task Where_the_reader_is_missing_that_is_said()
    {
        await using var extractor = new Extractor([_reading.Folder], new ExtractionLimits(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var path = Path.Combine(_reading.Folder, "a.txt");
        await File.WriteAllTextAsync(path, "text", TestContext.Current.CancellationToken);

        Assert.Equal("noReader", (await Assert.ThrowsAsync<ExtractionException>(() => extractor.ExtractAsync(path, "a.txt", TestContext.Current.CancellationToken))).Code);
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes("<html><body>" + string.Concat(Enumerable.Repeat("<div>", depth)) + "deep inside");

    private async Task Use(ExtractionLimits limits)
    {
        await _reading.DisposeAsync();
        _reading = new Reading(limits);
    }
}
