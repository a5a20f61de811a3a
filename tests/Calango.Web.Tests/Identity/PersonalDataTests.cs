using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.S3;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;
using Calango.Web.Tests.Files;
using Calango.Web.Tests.Templates;

namespace Calango.Web.Tests.Identity;

/// <summary>What somebody takes with them is all theirs, and nobody else's.</summary>
public sealed class PersonalDataTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task All_that_is_somebodys_comes_as_a_zip_with_every_branch_of_their_chats(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        app.Upstream.Default = new UpstreamReply { Text = "Ao sol, de pé." };
        await ana.PostAsync("/messages", Cancelled, ("Text", "Where do lizards sleep?"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, 1, Cancelled);
        await ana.PostAsync(page.QuerySelector(".message--answer [formaction$='/answers']")!.GetAttribute("formaction")!, Cancelled);
        await ana.WholeAsync(chat, 1, Cancelled);

        await ana.WriteTemplateAsync("Greeting", "Dear {name}", Cancelled);

        using var zip = await TakeAsync(ana);

        using var account = await JsonAsync(zip, "account.json");
        Assert.Equal(kind == DatabaseKind.Postgres ? "Ana" : "", account.RootElement.GetProperty("name").GetString());
        Assert.Equal(kind == DatabaseKind.Postgres, account.RootElement.TryGetProperty("email", out _));
        using var file = await JsonAsync(zip, $"chats/{chat.Split('/')[^1]}.json");
        var messages = file.RootElement.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["Where do lizards sleep?", "Ao sol, de pé.", "Ao sol, de pé."], messages.Select(message => message.GetProperty("text").GetString()));
        Assert.Equal(messages[1].GetProperty("parentId").GetGuid(), messages[2].GetProperty("parentId").GetGuid());
        Assert.Equal("complete", messages[1].GetProperty("turn").GetProperty("state").GetString());
        Assert.Equal(messages[2].GetProperty("id").GetGuid(), file.RootElement.GetProperty("chat").GetProperty("headId").GetGuid());
        using var templates = await JsonAsync(zip, "templates.json");
        Assert.Equal(("calango/templates", "Dear {name}"), (templates.RootElement.GetProperty("schema").GetString(), templates.RootElement.GetProperty("templates")[0].GetProperty("text").GetString()));
        Assert.Equal(3, zip.Entries.Count);
    }

    [Fact]
    public async Task Nothing_in_it_is_anybody_elses_or_opens_anything()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        await server.Owner.PostAsync("/messages", Cancelled, ("Text", "A secret of Ana"), ("Model", server.App.Model.ToString()));
        using var bruno = await server.InviteAsync("bruno@example.org");
        var token = await ApiServer.MakeTokenAsync(bruno, "Models");

        using var zip = await TakeAsync(bruno);

        var all = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(Cancelled));
            all.Append(await reader.ReadToEndAsync(Cancelled));
        }

        var text = all.ToString();
        Assert.Contains("bruno@example.org", text, StringComparison.Ordinal);
        Assert.Contains("\"script\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ana@example.org", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret of Ana", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(bruno.Session!, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("protected", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Took all their data", (await server.Owner.GetAsync("/admin/audit", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_place_of_the_pictures_is_away_all_else_comes_and_the_zip_says_what_is_left_out()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var proxy = TcpProxy.To(s3.EndPoint);
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        using (var zip = await TakeAsync(ana))
        {
            Assert.Equal("included", await PictureInAsync(zip));
            Assert.NotNull(zip.GetEntry("picture.webp"));
        }

        await ana.PostAsync("/admin/storage?store=s3-storage", Cancelled, [("Test", "false"), .. S3Server.SettingsAt(proxy.Port).Select(setting => ($"Values[{setting.Key}]", setting.Value))]);
        await Eventually.HoldsAsync("it has moved", async () => (await ana.GetAsync("/admin/storage", Cancelled)).QuerySelector("[data-move=Done]") is not null, Cancelled);
        proxy.Shut();

        using (var zip = await TakeAsync(ana))
        {
            Assert.Equal("leftOut", await PictureInAsync(zip));
            Assert.Null(zip.GetEntry("picture.webp"));
        }
    }

    private static async Task<string?> PictureInAsync(ZipArchive zip)
    {
        using var account = await JsonAsync(zip, "account.json");
        return account.RootElement.GetProperty("picture").GetString();
    }

    private static async Task<ZipArchive> TakeAsync(Visitor visitor)
    {
        using var answer = await visitor.Http.GetAsync((await visitor.GetAsync("/data", Cancelled)).QuerySelector("a[download]")!.GetAttribute("href")!, Cancelled);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancelled)));
    }

    private static async Task<JsonDocument> JsonAsync(ZipArchive zip, string name)
    {
        await using var file = await zip.GetEntry(name)!.OpenAsync(Cancelled);
        return await JsonDocument.ParseAsync(file, cancellationToken: Cancelled);
    }
}
