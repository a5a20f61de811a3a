using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Files that somebody attaches to one chat, as a person without scripts sees them.</summary>
public sealed class ChatDocumentsTests
{
    private const string Rules = "The library opens at eight and closes at six. Dogs stay outside.";
    private const string Question = "When does the library open?";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_question_that_comes_with_a_file_waits_until_it_is_read_and_its_answer_cites_it(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        app.Upstream.Default = new UpstreamReply { Text = "At eight [1]." };

        await SendAsync(ana, "/messages", app, Question, ("rules.txt", Bytes(Rules)));
        var page = await ana.WholeAsync(ana.Path, answers: 1, TestEnd);

        Assert.Contains($"[1] rules.txt\n<passage>\n{Rules}\n</passage>", app.Upstream.Requests[0].Messages[0].Text, StringComparison.Ordinal);
        var attached = Assert.Single(page.QuerySelectorAll(".attachment"));
        Assert.Equal(("Ready", "rules.txt"), (attached.GetAttribute("data-state"), attached.QuerySelector("a")!.TextContent));
        Assert.Equal("1", Assert.Single(page.QuerySelectorAll(".answer a.cite")).TextContent);
        var chat = ana.Path;
        var passages = await ana.GetAsync(page.QuerySelector(".source__body a")!.GetAttribute("href")!, TestEnd);
        Assert.Equal(Rules, passages.QuerySelector(".passage__text")!.TextContent);
        Assert.Equal(chat, passages.QuerySelector(".page__bar a")!.GetAttribute("href"));
        Assert.Empty((await ana.GetAsync("/knowledge", TestEnd)).QuerySelectorAll("#collections li"));
        await ana.GetAsync($"/knowledge/{attached.QuerySelector("a")!.GetAttribute("href")!.Split('/')[2]}", TestEnd);
        Assert.Equal(chat, ana.Path);
    }

    [EachDatabase]
    public async Task A_short_file_is_given_whole_whatever_is_asked_and_no_more_once_it_is_taken_away(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();

        await SendAsync(ana, "/messages", app, "Sum that up, please.", ("rules.txt", Bytes(Rules)));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, answers: 1, TestEnd);
        Assert.Contains(Rules, app.Upstream.Requests[0].Messages[0].Text, StringComparison.Ordinal);
        Assert.Equal("This is the whole document.", page.QuerySelector(".source__body .hint")!.TextContent.Trim());

        await ana.PostAsync(page.QuerySelector(".attachment button")!.GetAttribute("formaction")!, TestEnd, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync(chat, TestEnd)).QuerySelectorAll(".attachment"));
        await SendAsync(ana, $"{chat}/messages", app, Question);
        await ana.WholeAsync(chat, answers: 2, TestEnd);

        Assert.DoesNotContain("Dogs", app.Upstream.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_says_why_and_the_model_is_told_that_it_has_not_seen_it()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        await SendAsync(ana, "/messages", app, Question, ("program.bin", [0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 0, 0, 0]), ("rules.txt", Bytes(Rules)));
        var page = await ana.WholeAsync(ana.Path, answers: 1, TestEnd);

        var failed = page.QuerySelector(".attachment[data-state=Failed]")!;
        Assert.Contains("This kind of file is not read.", failed.QuerySelector(".attachment__failure")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(Rules, app.Upstream.Requests[0].Messages[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("could not be read; you have seen nothing of them. Say so, in the language of the question, before anything else you say: program.bin", app.Upstream.Requests[0].Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_refused_keeps_the_message_from_being_sent_and_its_text_in_place()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await SendAsync(ana, "/messages", app, Question, ("empty.txt", []));
        Assert.Equal("empty.txt: This file is empty.", page.QuerySelector(".attachments__refusals p")!.TextContent);
        Assert.Equal(Question, page.QuerySelector("#composer-text")!.TextContent);
        Assert.Empty((await ana.GetAsync("/conversations", TestEnd)).QuerySelectorAll("main a[href^='/chat/']"));

        page = await SendAsync(ana, "/chat/new/attachments", app, "Half a thou", ("rules.txt", Bytes(Rules)));
        Assert.Equal("Half a thou", page.QuerySelector("#composer-text")!.TextContent);
        Assert.Single(page.QuerySelectorAll(".attachment"));
        Assert.Empty(page.QuerySelectorAll(".message"));
        Assert.StartsWith("/chat/", page.QuerySelector("#composer")!.GetAttribute("action"), StringComparison.Ordinal);
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task Z04_what_is_attached_to_a_chat_is_there_for_nobody_else_and_away_with_the_chat()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        var ana = server.Owner;
        await ana.GetAsync("/", TestEnd);
        await SendAsync(ana, "/chat/new/attachments", null, "", ("rules.txt", Bytes(Rules)));
        var chat = ana.Path;
        var page = await ana.GetAsync(chat, TestEnd);
        var document = page.QuerySelector(".attachment a")!.GetAttribute("href")!;
        var collection = document[..document.IndexOf("/documents", StringComparison.Ordinal)];

        foreach (var path in new[] { document, collection, $"{collection}/setup", $"{chat}/attachments", document.Replace("/knowledge/", "/files/documents/", StringComparison.Ordinal).Replace("/documents/", "/", StringComparison.Ordinal) })
        {
            using var answer = await bruno.Http.GetAsync(path, TestEnd);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var removed = await bruno.TryPostAsync($"{chat}/attachments/{document.Split('/')[^1]}", TestEnd, ("_method", "DELETE"));
        using var added = await bruno.TryPostAsync($"{chat}/attachments", Form(null, "", ("mine.txt", Bytes("x"))), TestEnd);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (removed.StatusCode, added.StatusCode));
        using var shared = await ana.Http.GetAsync($"{collection}/members", TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, shared.StatusCode);

        await ana.GetAsync(document, TestEnd);
        await ana.PostAsync(chat, TestEnd, ("_method", "DELETE"));
        using var gone = await ana.Http.GetAsync(document, TestEnd);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await ana.PostAsync($"{chat}/deletion", TestEnd, ("_method", "DELETE"));
        await ana.GetAsync(document, TestEnd);
    }

    private static async Task<IHtmlDocument> SendAsync(Visitor ana, string path, TestApp? app, string text, params (string Name, byte[] Bytes)[] files)
    {
        using var answer = await ana.TryPostAsync(path, Form(app, text, files), TestEnd);
        answer.EnsureSuccessStatusCode();
        var address = answer.RequestMessage!.RequestUri!.PathAndQuery;
        return answer.RequestMessage.Method == HttpMethod.Get ? await ana.GetAsync(address, TestEnd) : await Reading.PageAsync(answer, TestEnd);
    }

    private static MultipartFormDataContent Form(TestApp? app, string text, params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent(text), "Text" } };
        if (app is not null)
        {
            form.Add(new StringContent(app.Model.ToString()), "Model");
        }

        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "Files", name);
        }

        return form;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
