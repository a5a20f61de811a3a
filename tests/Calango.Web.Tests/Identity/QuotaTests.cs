using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Identity;

/// <summary>How much of the models people may use, as they and their programs meet it.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private Visitor _bruno = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        await _bruno.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Who_has_no_room_left_is_told_which_quota_what_is_left_and_whom_to_ask_until_somebody_adds_to_it()
    {
        using var program = _server.Program(await ApiServer.MakeTokenAsync(_bruno, "Models", "ReadChats", "WriteChats"));
        var quota = await QuotaAsync(("Scope", "Person"), ("Email", "bruno@example.org"), ("Limit", "150"));

        using var page = await _bruno.TryPostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", _server.App.Model.ToString()), ("MaxOutputTokens", "1000"));
        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        var said = (await Reading.PageAsync(page, Cancelled)).Body!.TextContent;
        Assert.Contains("Your quota has 150 of 150 tokens left, and this may need 1,0", said, StringComparison.Ordinal);
        Assert.Contains("Ask whoever runs the server for more.", said, StringComparison.Ordinal);

        using var api = await program.PostAsync("/api/messages", ApiServer.Json(new { text = "Hi", model = "fake", maxOutputTokens = 1000 }), Cancelled);
        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (api.StatusCode, api.Content.Headers.ContentType!.MediaType));
        Assert.InRange(api.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
        Assert.Equal("quota.person.tokens", JsonElement.Parse(await api.Content.ReadAsStringAsync(Cancelled)).GetProperty("code").GetString());

        using var v1 = await CompleteAsync(program, 1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, v1.StatusCode);
        var error = JsonElement.Parse(await v1.Content.ReadAsStringAsync(Cancelled)).GetProperty("error");
        Assert.Equal(("insufficient_quota", "insufficient_quota"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Empty(_server.App.Upstream.Requests);

        using (var fits = await CompleteAsync(program, 100))
        {
            Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        }

        var left = await LeftAsync(_bruno);
        Assert.Matches("^1[0-4][0-9] tokens left of 150 tokens begins anew: .* UTC$", left);
        await Ana.PostAsync(quota, Cancelled, ("Amount", "2000"), ("Reason", "a longer report"));
        Assert.Contains("tokens left of 2,150 tokens", await LeftAsync(_bruno), StringComparison.Ordinal);
        Assert.Contains("+2000: a longer report", (await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent, StringComparison.Ordinal);
        using var again = await CompleteAsync(program, 1000);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var without = await Ana.TryPostAsync(quota, Cancelled, ("Amount", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
    }

    [Fact]
    public async Task A_group_uses_up_its_quota_together_and_others_do_not_feel_it()
    {
        using var program = _server.Program(await ApiServer.MakeTokenAsync(_bruno, "Models"));
        using var carla = await _server.InviteAsync("carla@example.org");
        using var hers = _server.Program(await ApiServer.MakeTokenAsync(carla, "Models"));
        using var anas = _server.Program(await ApiServer.MakeTokenAsync(Ana, "Models"));
        await Ana.PostAsync("/admin/groups", Cancelled, ("Name", "Writers"));
        var group = Ana.Path;
        await Ana.PostAsync(group, Cancelled, ("Email", "bruno@example.org"));
        await Ana.PostAsync(group, Cancelled, ("Email", "carla@example.org"));
        await QuotaAsync(("Scope", "Group"), ("GroupId", group[(group.LastIndexOf('/') + 1)..]), ("Limit", "130"));

        using var first = await CompleteAsync(program, 100);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(await LeftAsync(_bruno), await LeftAsync(carla));
        using var second = await CompleteAsync(hers, 125);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains("The quota of your group Writers has ", await second.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var outside = await CompleteAsync(anas, 1000);
        Assert.Equal(HttpStatusCode.OK, outside.StatusCode);
        Assert.Null((await Ana.GetAsync("/account/quotas", Cancelled)).QuerySelector("#quotas li"));
    }

    [Fact]
    public async Task Money_is_counted_by_the_table_of_prices()
    {
        using var program = _server.Program(await ApiServer.MakeTokenAsync(_bruno, "Models"));
        var model = _server.App.Model;
        await Ana.GetAsync("/models", Cancelled);
        await Ana.PostAsync($"/models/connections/{model.ConnectionId}/price?model={model.ModelId}", Cancelled, ("_method", "PUT"), ("inputPrice", "1000"), ("outputPrice", "1000"));
        await QuotaAsync(("Scope", "Everybody"), ("Unit", "Money"), ("Period", "Month"), ("Model", model.ToString()), ("Limit", "1.5"));

        using var dear = await CompleteAsync(program, 2_000);
        Assert.Contains("Your quota for fake has US$ 1.50 of US$ 1.50 left, and this may need US$ 2.0", await dear.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var fits = await CompleteAsync(program, 1_000);
        var took = JsonElement.Parse(await fits.Content.ReadAsStringAsync(Cancelled)).GetProperty("usage").GetProperty("total_tokens").GetInt32();

        // A thousand dollars a million: a token is a thousandth.
        Assert.StartsWith($"US$ {1.5m - (took / 1_000m):0.00}", await LeftAsync(_bruno), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_counts_what_it_took_and_quotas_are_found_changed_and_removed()
    {
        var quota = await QuotaAsync(("Scope", "Everybody"), ("Limit", "10000"));
        await QuotaAsync(("Scope", "Person"), ("Email", "bruno@example.org"), ("Limit", "20000"));
        _server.App.Upstream.Enqueue(new UpstreamReply { Text = "Hello there.", Usage = true });
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", _server.App.Model.ToString()));
        await _bruno.WholeAsync(_bruno.Path, answers: 1, Cancelled);

        Assert.Matches("^9,9[0-9][0-9] tokens left of 10,000 tokens", await LeftAsync(_bruno));
        Assert.Contains("Bruno", (await Ana.GetAsync(quota, Cancelled)).QuerySelector("#standings li")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, (await Ana.GetAsync("/admin/quotas", Cancelled)).QuerySelectorAll("#quotas li").Length);
        Assert.Single((await Ana.GetAsync("/admin/quotas?q=bru", Cancelled)).QuerySelectorAll("#quotas li"));
        await Ana.PostAsync(quota, Cancelled, ("_method", "PUT"), ("Limit", "10"));
        using var refused = await _bruno.TryPostAsync("/messages", Cancelled, ("Text", "More"), ("Model", _server.App.Model.ToString()));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await Ana.PostAsync(quota, Cancelled, ("_method", "DELETE"));
        Assert.Single((await _bruno.GetAsync("/account/quotas", Cancelled)).QuerySelectorAll("#quotas li"));
        using var wrong = await Ana.TryPostAsync("/admin/quotas", Cancelled, ("Scope", "Person"), ("Email", "nobody@example.org"), ("Limit", "-3"));
        Assert.Equal(2, (await Reading.PageAsync(wrong, Cancelled)).QuerySelectorAll("#quota-form .field__error").Length);
    }

    private async Task<string> QuotaAsync(params (string Name, string Value)[] fields)
    {
        await Ana.PostAsync("/admin/quotas", Cancelled, fields);
        Assert.StartsWith("/admin/quotas/", Ana.Path, StringComparison.Ordinal);
        return Ana.Path;
    }

    private static async Task<string> LeftAsync(Visitor visitor) => LoginSite.Words((await visitor.GetAsync("/account/quotas", Cancelled)).QuerySelector("#quotas li .row__facts")!.TextContent);

    private static Task<HttpResponseMessage> CompleteAsync(HttpClient program, int most) =>
        program.PostAsync("/v1/chat/completions", ApiServer.Json(new { model = "fake", max_tokens = most, messages = new[] { new { role = "user", content = "Hi" } } }), Cancelled);
}
