using System.Net;
using AngleSharp.Html.Dom;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Chat;

/// <summary>What goes wrong around a message is said in the person's language, nothing is lost, and the chat goes on.</summary>
public sealed class TroubleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, UpstreamReply, string> Services() => new()
    {
        { "provider.unexpectedFormat", UpstreamReply.Html, "respondeu algo que não é a resposta de um modelo" },
        { "provider.unauthorized", new UpstreamReply { Status = 401, ErrorMessage = "The key has expired." }, "não aceitou a chave" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task What_a_service_does_wrong_is_shown_and_the_chat_goes_on(string failure, UpstreamReply reply, string sentence)
    {
        await using var app = await TestApp.StartAsync();
        using var ana = Visit(app);
        app.Upstream.Enqueue(reply);
        await ana.PostAsync("/messages", Cancelled, ("Text", "Primeira"), ("Model", app.Model.ToString()));
        var chat = ana.Path;

        var shown = await ReadAsync(ana, chat, page => page.QuerySelector("[data-failure]") is not null);
        Assert.Equal(failure, shown.QuerySelector("[data-failure]")!.GetAttribute("data-failure"));
        Assert.Contains(sentence, shown.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
        var way = shown.QuerySelector("[data-failure] a")!;
        Assert.Equal("Conexão Scripted", way.TextContent.Trim());
        var connection = await ana.GetAsync(way.GetAttribute("href")!, Cancelled);
        Assert.Equal("Scripted", ((IHtmlInputElement)connection.QuerySelector("[name=Name]")!).Value);
        Assert.Contains("Primeira", shown.QuerySelector(".message--question")!.TextContent, StringComparison.Ordinal);

        app.Upstream.Enqueue(new UpstreamReply { Text = "Agora sim." });
        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", "Segunda"), ("Model", app.Model.ToString()));
        await ReadAsync(ana, chat, page => page.Body!.TextContent.Contains("Agora sim.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_vanished_fails_the_answer_and_keeps_the_question()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = Visit(app);
        await ana.GetAsync("/", Cancelled);
        await app.Services.GetRequiredService<Connections>().RemoveAsync(app.Model.ConnectionId, Cancelled);

        await ana.PostAsync("/messages", Cancelled, ("Text", "Ainda aí?"), ("Model", app.Model.ToString()));
        var chat = await ReadAsync(ana, ana.Path, page => page.QuerySelector("[data-failure]") is not null);

        Assert.Equal("provider.modelNotFound", chat.QuerySelector("[data-failure]")!.GetAttribute("data-failure"));
        Assert.Null(chat.QuerySelector("[data-failure] a"));
        Assert.Contains("Ainda aí?", chat.QuerySelector(".message--question")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_chat_takes_no_message_and_says_so()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = Visit(app);
        await ana.PostAsync("/messages", Cancelled, ("Text", "Adeus"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        await ReadAsync(ana, chat, page => page.QuerySelector("[aria-busy]") is null);
        await ana.PostAsync(chat, Cancelled, ("_method", "DELETE"));

        using var refused = await ana.TryPostAsync($"{chat}/messages", Cancelled, ("Text", "Volta"), ("Model", app.Model.ToString()));

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("Não há nada aqui", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain(app.Upstream.Requests, request => request.LastUserText == "Volta");
    }

    [Fact]
    public async Task A_full_disk_refuses_the_message_and_takes_it_when_there_is_room()
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        await using (var app = await TestApp.StartAsync(settings: [KeyValuePair.Create<string, string?>("CALANGO_DATA", disk.Folder)]))
        {
            using var ana = Visit(app);
            await ana.GetAsync("/", Cancelled);
            (string, string)[] message = [("Text", new string('x', 200_000)), ("ClientMessageId", $"{Guid.CreateVersion7()}"), ("Model", app.Model.ToString())];

            disk.Fill();
            using var refused = await ana.TryPostAsync("/messages", Cancelled, message);
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            Assert.Contains("O disco está cheio", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            Assert.Empty(app.Upstream.Requests);
            Assert.NotNull(await ana.GetAsync("/", Cancelled));

            disk.MakeRoom();
            await ana.PostAsync("/messages", Cancelled, message);
            var chat = await ReadAsync(ana, ana.Path, page => page.QuerySelector("[aria-busy]") is null);
            Assert.Single(chat.QuerySelectorAll(".message--question"));
        }
    }

    private static Visitor Visit(TestApp app)
    {
        var visitor = app.Visit();
        visitor.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("pt-BR");
        return visitor;
    }

    private static async Task<IHtmlDocument> ReadAsync(Visitor visitor, string path, Func<IHtmlDocument, bool> isThere)
    {
        var page = await visitor.GetAsync(path, Cancelled);
        await Eventually.HoldsAsync("the page shows it", async () => isThere(page = await visitor.GetAsync(path, Cancelled)), Cancelled);
        return page;
    }
}
