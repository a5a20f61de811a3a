using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Models;

public sealed class ConnectionTests
{
    private const string Key = "sk-saved-by-ana-41c9";

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task The_first_connection_leads_to_a_chat_with_its_model(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();

        var chat = await ana.PostAsync("/models/connections/new", CancellationToken, ConnectionFields.Of(app.Upstream.Address.ToString()));

        Assert.Equal("/", ana.Path);
        Assert.EndsWith("/fake", ((IHtmlInputElement)chat.QuerySelector("#composer [name=Model]")!).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_models_the_person_picks_one()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Models = ["small", "large"];
        using var ana = app.Visit();

        var page = await ana.PostAsync("/models/connections/new", CancellationToken, ConnectionFields.Of(app.Upstream.Address.ToString()));

        Assert.Equal("/models/picker", ana.Path);
        Assert.Equal(2, page.QuerySelectorAll("[role=option]").Length);
    }

    [Theory]
    [InlineData("?preset=ollama&address=http%3A%2F%2F127.0.0.1%3A11434%2Fv1", "openai-compatible")]
    [InlineData("?preset=anthropic", "anthropic")]
    [InlineData("", "openai-compatible")]
    public async Task The_form_opens_with_the_provider_that_is_most_likely_meant(string query, string provider)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var form = await ana.GetAsync($"/models/connections/new{query}", CancellationToken);

        Assert.Equal(provider, form.QuerySelector("[name=ProviderId]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_saved_key_is_on_no_page_and_goes_when_the_address_changes()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Key = Key;
        using var ana = app.Visit();
        await ana.PostAsync("/models/connections/new", CancellationToken, ConnectionFields.Of(app.Upstream.Address.ToString(), Key));
        var edit = EditUrl(await ana.GetAsync("/models", CancellationToken));

        var form = await ana.GetAsync(edit, CancellationToken);
        Assert.Contains("Saved", form.QuerySelector("[name='Values[apiKey]']")!.GetAttribute("placeholder"), StringComparison.Ordinal);
        Assert.All([form, await ana.GetAsync("/models", CancellationToken)], page => Assert.DoesNotContain(Key, page.Source.Text, StringComparison.Ordinal));

        var kept = await ana.PostAsync(edit, CancellationToken, ConnectionFields.Of(app.Upstream.Address.ToString(), name: "Renamed"));
        Assert.Equal("/models", ana.Path);
        Assert.Null(kept.QuerySelector("[data-failure]"));

        var cleared = await ana.PostAsync(edit, CancellationToken, ConnectionFields.Of(app.Upstream.Address + "/elsewhere"));
        Assert.Equal($"{edit}?keyCleared=true", ana.Path);
        Assert.Contains("saved key was removed", cleared.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(cleared.QuerySelector("[name='Values[apiKey]']")!.GetAttribute("placeholder"));
    }

    [Fact]
    public async Task A_time_limit_of_nothing_is_refused_beside_its_field()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await ana.PostAsync("/models/connections/new", CancellationToken,
            [.. ConnectionFields.Of(app.Upstream.Address.ToString()).Where(field => field.Name != "WholeTurnSeconds"), ("WholeTurnSeconds", "soon")]);

        Assert.Equal("true", page.QuerySelector("#wholeTurnSeconds")!.GetAttribute("aria-invalid"));
        Assert.NotNull(page.QuerySelector("#wholeTurnSeconds-error"));
    }

    [Fact]
    public async Task A_connection_is_removed_after_a_question()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var edit = EditUrl(await ana.GetAsync("/models", CancellationToken));

        var question = await ana.GetAsync($"{edit}/deletion", CancellationToken);
        Assert.Contains("Scripted", question.Body!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(edit, CancellationToken, ("_method", "DELETE"));

        Assert.Equal("/models/first-run", ana.Path);
        using var gone = await ana.Http.GetAsync(edit, CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task The_list_says_what_is_wrong_with_a_connection()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await ana.PostAsync("/models/connections/new", CancellationToken, ConnectionFields.Of("http://127.0.0.1:9/v1"));

        Assert.Equal("/models", ana.Path);
        Assert.Equal("provider.unreachable", page.QuerySelector(".card [data-failure]")!.GetAttribute("data-failure"));
    }

    private static string EditUrl(IHtmlDocument page) => page.QuerySelector(".card__tools a")!.GetAttribute("href")!;
}
