using System.Net;
using System.Text;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Chat;

public sealed class BadInputTests : IAsyncLifetime
{
    private TestApp app = null!;
    private Visitor ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        ana = app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        ana.Dispose();
        await app.DisposeAsync();
    }

    public static TheoryData<string, string> Refused() => new()
    {
        { "", "escreva uma mensagem primeiro" },
        { " \r\n\t ", "escreva uma mensagem primeiro" },
        { "\0\0", "O pedido não pôde ser entendido" },
        { new string('a', 1_000_001), "A mensagem tem mais de" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_sent_is_refused_with_a_sentence_in_the_persons_language(string text, string sentence)
    {
        ana.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("pt-BR");
        foreach (var scripts in new[] { false, true })
        {
            ana.Http.DefaultRequestHeaders.Remove("HX-Request");
            await ana.GetAsync("/", Cancelled);
            if (scripts) ana.Http.DefaultRequestHeaders.Add("HX-Request", "true");
            using var response = await ana.TryPostAsync("/messages", Cancelled, ("Text", text), ("Model", app.Model.ToString()));

            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.Contains(sentence, await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_sent()
    {
        await ana.GetAsync("/", Cancelled);
        ana.Http.DefaultRequestHeaders.ExpectContinue = true;
        using var response = await ana.TryPostAsync("/messages", Cancelled, ("Text", new string('a', 5_000_000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("more than can be sent", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nul \0 inside")]
    [InlineData("a lone surrogate \ud800 here")]
    [InlineData("<script>alert(1)</script><img src=x onerror=alert(1)>")]
    public async Task What_is_odd_is_sent_and_shown_as_text(string text)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(text), "Text" },
            { new StringContent(app.Model.ToString()), "Model" },
            { new StringContent(await TokenAsync()), "__RequestVerificationToken" },
        };
        using var response = await ana.Http.PostAsync("/messages", form, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var chat = await ana.GetAsync(response.RequestMessage!.RequestUri!.AbsolutePath, Cancelled);
        Assert.Single(chat.QuerySelectorAll(".message--question"));
        Assert.Empty(chat.QuerySelectorAll("#messages script, #messages img"));
    }

    [Fact]
    public async Task A_million_brackets_are_a_message_like_any_other()
    {
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", new string('[', 1_000_000)), ("Model", app.Model.ToString()));

        Assert.Equal(1_000_000, chat.QuerySelector(".message__bubble")!.TextContent.Length);
    }

    [Fact]
    public async Task Broken_utf8_does_not_harm_the_server()
    {
        await ana.GetAsync("/", Cancelled);
        using var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes("Text=%C3%28%FF%FE"), 0xC3, 0x28, 0xFF]);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var response = await ana.Http.PostAsync("/messages", content, Cancelled);

        Assert.InRange((int)response.StatusCode, 200, 499);
        Assert.NotNull(await ana.GetAsync("/", Cancelled));
    }

    [Fact]
    public async Task A_chat_that_is_not_ones_own_is_not_there()
    {
        var (chat, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var path in new[] { $"/chat/{chat}", $"/chat/{chat}/messages", $"/chat/{chat}/messages/{message}", $"/chat/{chat}/settings", $"/chat/{chat}/title", $"/turns/{message}/events", $"/turns/{message}/trace", "/chat/x", "/nothing" })
        {
            using var response = await ana.Http.GetAsync(path, Cancelled);
            Assert.True(response.StatusCode == HttpStatusCode.NotFound, $"{path} answered {(int)response.StatusCode}");
        }

        foreach (var path in new[] { $"/chat/{chat}/messages", $"/chat/{chat}/messages/{message}/answers", $"/chat/{chat}/messages/{message}/fork", $"/turns/{message}/stop" })
        {
            using var response = await ana.TryPostAsync(path, Cancelled, ("Text", "hello"));
            Assert.True(response.StatusCode == HttpStatusCode.NotFound, $"POST {path} answered {(int)response.StatusCode}");
        }
    }

    private async Task<string> TokenAsync() => (await ana.GetAsync("/", Cancelled)).QuerySelector("meta[name=csrf]")!.GetAttribute("content")!;
}
