using System.IO.Compression;
using System.Text;
using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Archives and mails: what is in them is taken out, and nothing of it leads anywhere.</summary>
public sealed class UnpackingTests : IAsyncDisposable
{
    private readonly Reading _reading = new();

    public ValueTask DisposeAsync() => _reading.DisposeAsync();

    [Fact]
    public async Task The_files_of_an_archive_and_of_those_in_it_are_taken_out()
    {
        var inner = Documents.Zip(("c.txt", "three"));

        var files = await _reading.UnpackAsync(Documents.Zip(("a.txt", "one"u8.ToArray()), ("folder/ação.txt", "two"u8.ToArray()), ("inner.zip", inner), ("__MACOSX/._a.txt", [1]), ("empty.txt", [])));

        Assert.Equal([("a.txt", "one"), ("folder/ação.txt", "two"), ("inner.zip/c.txt", "three")], files);
    }

    [Fact]
    public async Task A_document_that_is_a_zip_stays_whole()
    {
        Assert.Empty(await _reading.UnpackAsync(Documents.Word(Documents.Paragraph("text"))));
        Assert.Equal("a.docx", Assert.Single(await _reading.UnpackAsync(Documents.Zip(("a.docx", Documents.Word(""))))).Name);
    }

    [Fact]
    public async Task What_is_attached_to_a_mail_is_taken_out_also_of_one_in_an_archive()
    {
        var mail = Encoding.UTF8.GetBytes(Mails.WithAttachment("Hi", "text", "../../plan.txt", "the plan"));

        Assert.Equal([("plan.txt", "the plan")], await _reading.UnpackAsync(mail));
        Assert.Equal(["mail.eml", "mail.eml/plan.txt"], (await _reading.UnpackAsync(Documents.Zip(("mail.eml", mail)))).Select(file => file.Name));
    }

    [Theory]
    [InlineData("../../etc/cron.d/evil")]
    [InlineData("..\\evil.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\evil.txt")]
    public async Task An_archive_that_wants_to_write_elsewhere_is_refused(string name) =>
        Assert.Equal("zip.unsafe", await RefusalAsync(Documents.Zip((name, "evil"))));

    [Fact]
    public async Task A_link_in_an_archive_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("link.txt");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var content = entry.Open();
            content.Write("/etc/passwd"u8);
        }

        Assert.Equal("zip.unsafe", await RefusalAsync(bytes.ToArray()));
    }

    [Fact]
    public async Task An_archive_within_one_within_one_is_refused() =>
        Assert.Equal("zip.nested", await RefusalAsync(Documents.Zip(("b.zip", Documents.Zip(("c.zip", Documents.Zip(("d.txt", "deep"))))))));

    [Fact]
    public async Task An_archive_of_very_many_files_is_refused() =>
        Assert.Equal("zip.tooMany", await RefusalAsync(Documents.Zip([.. Enumerable.Range(0, 2001).Select(number => ($"{number}.txt", "x"))])));

    [Fact]
    public async Task An_archive_that_unpacks_to_far_more_than_it_is_is_refused() =>
        Assert.Equal("zip.bomb", await RefusalAsync(Documents.Zip(("zeros.txt", new byte[64 << 20]))));

    [Fact]
    public async Task An_archive_is_no_document() => Assert.Equal("archive", await _reading.RefusalAsync(Documents.Zip(("a.txt", "one"))));

    private async Task<string> RefusalAsync(byte[] archive) => (await Assert.ThrowsAsync<ExtractionException>(() => _reading.UnpackAsync(archive))).Code;
}
