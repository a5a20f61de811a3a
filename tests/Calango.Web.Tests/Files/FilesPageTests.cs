using System.Net;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Files;

/// <summary>All that somebody has attached to their chats, on one page.</summary>
public sealed class FilesPageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Files_stand_with_the_chats_that_use_them_and_what_is_removed_is_gone_from_its_question(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        await SendAsync(ana, app, ("sun.jpg", Pictures.Photo()), ("rules.txt", "Dogs stay outside."u8.ToArray()));
        var chat = ana.Path;
        var answer = (await ana.WholeAsync(chat, answers: 1, Cancelled)).QuerySelector(".message--answer")!.Id!["message-".Length..];
        await ana.PostAsync($"{chat}/messages/{answer}/fork", Cancelled);
        var fork = ana.Path;

        var page = await ana.GetAsync("/files", Cancelled);

        Assert.Equal(["rules.txt", "sun.jpg"], page.QuerySelectorAll("#files .row__name > :first-child").Select(name => name.TextContent).Order(StringComparer.Ordinal));
        Assert.Equal(["rules.txt"], (await ana.GetAsync("/files?kind=Document", Cancelled)).QuerySelectorAll("#files .row__name > :first-child").Select(name => name.TextContent));
        var picture = (await ana.GetAsync("/files?kind=Picture", Cancelled)).QuerySelector("#files li")!;
        Assert.Equal(new[] { chat, fork }.Order(StringComparer.Ordinal), picture.QuerySelectorAll(".hint a").Select(link => link.GetAttribute("href")!).Order(StringComparer.Ordinal));
        var removal = picture.QuerySelector("button")!.GetAttribute("formaction")!;
        if (kind == DatabaseKind.Postgres)
        {
            await ana.GetAsync("/admin/people", Cancelled);
            using var bruno = app.VisitAsStranger();
            await bruno.AcceptAsync(await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
            Assert.Empty((await bruno.GetAsync("/files", Cancelled)).QuerySelectorAll("#files li"));
            using var foreign = await bruno.TryPostAsync(removal, Cancelled, ("_method", "DELETE"));
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        }

        await ana.GetAsync("/files", Cancelled);
        page = await ana.PostAsync(removal, Cancelled, ("_method", "DELETE"));
        Assert.Equal("/files", ana.Path);
        page = await ana.PostAsync(page.QuerySelector("#files button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Empty(page.QuerySelectorAll("#files li"));
        Assert.Empty(Directory.GetFiles(Path.Combine(app.DataFolder, "plugins", "data", "disk-storage", "pictures")));
        Assert.Equal("The picture sun.jpg was removed", (await ana.GetAsync(fork, Cancelled)).QuerySelector(".message--question .pictures")!.TextContent.Trim());
        await ana.PostAsync($"{fork}/messages", Cancelled, ("Text", "And now?"));
        await ana.WholeAsync(fork, answers: 2, Cancelled);
        Assert.Contains("A picture that you cannot see: sun.jpg", app.Upstream.Requests[^1].Messages[0].Text, StringComparison.Ordinal);
    }

    private static async Task SendAsync(Visitor ana, TestApp app, params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent("What is this?"), "Text" }, { new StringContent(app.Model.ToString()), "Model" } };
        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "Files", name);
        }

        using var answer = await ana.TryPostAsync("/messages", form, Cancelled);
        await ana.GetAsync(answer.EnsureSuccessStatusCode().RequestMessage!.RequestUri!.PathAndQuery, Cancelled);
    }
}
