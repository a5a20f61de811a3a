using System.Net;
using System.Text.Json;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>L07: whoever has the database can change the log of acts, but not unnoticed.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        _ana = _app.Visit();
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);
        foreach (var email in (string[])["ana@example.org", "nobody@example.org"])
        {
            using var _ = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", email), ("Password", "not the password"));
        }

        await _ana.GetAsync("/admin/people", Cancelled);
        await _ana.PostAsync("/admin/people", Cancelled, ("Email", "bruno@example.org"), ("RoleId", "01900000-0000-7000-8000-000000000012"));
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task What_was_done_is_written_down_with_who_and_from_where_and_no_password()
    {
        var page = await _ana.GetAsync("/admin/audit", Cancelled);

        var entries = page.QuerySelectorAll("#audit li").Select(entry => string.Join(' ', entry.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(4, entries.Count);
        Assert.StartsWith("Invited bruno@example.org Ana", entries[0], StringComparison.Ordinal);
        Assert.StartsWith("Was not let in Nobody signed in", entries[1], StringComparison.Ordinal);
        Assert.StartsWith("Was not let in Ana Nobody signed in", entries[2], StringComparison.Ordinal);
        Assert.StartsWith("Made the first account Ana Ana", entries[3], StringComparison.Ordinal);
        Assert.All(entries, entry => Assert.EndsWith("127.0.0.1", entry, StringComparison.Ordinal));
        Assert.DoesNotContain("not the password", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_server_is_written_down_whatever_page_it_is_made_on()
    {
        await _ana.PostAsync("/admin/plugins/publishers", Cancelled, ("name", "Somebody"), ("key", Key()));

        Assert.StartsWith("Changed the server POST /admin/plugins/publishers", await NewestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_theirs_is_written_down()
    {
        using var refused = await _ana.Http.GetAsync($"/chat/{Guid.CreateVersion7()}", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.StartsWith("Was refused GET /chat/", await NewestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Untouched_it_is_found_to_be_as_it_was_written_even_when_many_write_at_once()
    {
        var visitors = Enumerable.Range(0, 8).Select(_ => _app.VisitAsStranger()).ToList();
        await Task.WhenAll(visitors.Select(async visitor =>
        {
            await visitor.GetAsync("/sign-in", Cancelled);
            await visitor.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));
            visitor.Dispose();
        }));

        Assert.Equal("All 12 entries are as they were written.", await CheckAsync());
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET \"Subject\" = 'carla@example.org' WHERE \"Sequence\" = 4", 4)]
    [InlineData("UPDATE audit_entries SET \"At\" = \"At\" + interval '1 second' WHERE \"Sequence\" = 2", 2)]
    [InlineData("UPDATE audit_entries SET \"AccountId\" = NULL WHERE \"Sequence\" = 1", 1)]
    [InlineData("DELETE FROM audit_entries WHERE \"Sequence\" = 2", 2)]
    [InlineData("DELETE FROM audit_entries WHERE \"Sequence\" = 4", 4)]
    [InlineData("DELETE FROM audit_entries", 1)]
    [InlineData("UPDATE audit_entries SET \"Sequence\" = CASE \"Sequence\" WHEN 2 THEN -3 ELSE -2 END WHERE \"Sequence\" IN (2, 3); UPDATE audit_entries SET \"Sequence\" = - \"Sequence\" WHERE \"Sequence\" < 0", 2)]
    [InlineData("INSERT INTO audit_entries SELECT 5, \"At\", \"AccountId\", \"Act\", \"Subject\", \"Address\", \"RequestId\", \"Hash\" FROM audit_entries WHERE \"Sequence\" = 4", 5)]
    public async Task What_was_changed_in_the_database_is_found_at_its_first_row(string sql, int firstBad)
    {
        await _app.Services.GetRequiredService<Database>().WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, Cancelled), Cancelled);

        Assert.StartsWith($"Entry {firstBad} is not as it was written, or is missing.", await CheckAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_export_has_every_entry_with_its_hash()
    {
        using var export = await _ana.Http.GetAsync("/admin/audit/export", Cancelled);

        Assert.Equal("attachment", export.Content.Headers.ContentDisposition!.DispositionType);
        var lines = (await export.Content.ReadAsStringAsync(Cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([1, 2, 3, 4], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64()));
        Assert.All(lines, line => Assert.Equal(32, JsonDocument.Parse(line).RootElement.GetProperty("hash").GetBytesFromBase64().Length));
    }

    private static string Key() => System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem();

    private async Task<string> CheckAsync()
    {
        await _ana.GetAsync("/admin/audit", Cancelled);
        return (await _ana.PostAsync("/admin/audit", Cancelled)).QuerySelector("#audit-check")!.TextContent.Trim();
    }

    private async Task<string> NewestAsync() =>
        string.Join(' ', (await _ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
