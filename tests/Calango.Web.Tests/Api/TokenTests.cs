using System.Net;
using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Api;

public sealed class TokenTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_token_is_shown_once_known_again_by_its_beginning_and_taken_away(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models", "ReadChats");
        using var program = server.Program(token);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);

        var page = await server.Owner.GetAsync("/account/tokens", Cancelled);
        Assert.DoesNotContain(token, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        var row = page.QuerySelector("#tokens li")!;
        Assert.Contains(token[..12], row.TextContent, StringComparison.Ordinal);
        Assert.Contains("last used", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Call models, Read and search chats", row.TextContent, StringComparison.Ordinal);

        await server.Owner.PostAsync(row.QuerySelector("button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Empty((await server.Owner.GetAsync("/account/tokens", Cancelled)).QuerySelectorAll("#tokens li"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
    }

    [EachDatabase]
    public async Task The_database_has_no_token_that_could_be_used(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");

        var stored = await server.App.Services.GetRequiredService<Database>().ReadAsync(db => db.Set<AccessToken>().SingleAsync(Cancelled), Cancelled);

        Assert.Equal(token[..12], stored.Beginning);
        Assert.DoesNotContain(token[12..], JsonSerializer.Serialize(stored), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Z16_a_token_counts_in_its_header_and_nowhere_else(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");
        using var program = server.Program(null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync($"/v1/models?access_token={token}&api_key={token}", Cancelled)).StatusCode);
        foreach (var (name, value) in new[] { ("X-Api-Key", token), ("Cookie", $"token={token}"), ("Authorization", $"Basic {token}"), ("Authorization", token) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await program.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [EachDatabase]
    public async Task A_cookie_opens_nothing_of_the_API_and_a_token_no_page(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models", "ReadChats", "WriteChats"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Owner.Http.GetAsync("/v1/models", Cancelled)).StatusCode);
        if (kind == DatabaseKind.Postgres)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/admin/people", Cancelled)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/account/tokens", Cancelled)).StatusCode);
        }
    }

    [EachDatabase]
    public async Task N06_what_is_not_a_token_now_opens_nothing(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");
        string[] others = ["", "x", token[..^1], token + "0", $"{token[..^1]}{(token[^1] == 'a' ? 'b' : 'a')}", token.ToUpperInvariant(), token.Replace("calango_", "", StringComparison.Ordinal), new string('a', 60_000)];
        foreach (var other in others)
        {
            using var program = server.Program(other);
            var status = (await program.GetAsync("/v1/models", Cancelled)).StatusCode;
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.RequestHeaderFieldsTooLarge, $"{other.Length} characters: {status}");
        }

        await server.App.Services.GetRequiredService<Database>().WriteAsync(
            db => db.Set<AccessToken>().ExecuteUpdateAsync(set => set.SetProperty(stored => stored.ExpiresAt, TimeProvider.System.GetUtcNow().AddSeconds(-1)), Cancelled), Cancelled);
        using var late = server.Program(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.GetAsync("/v1/models", Cancelled)).StatusCode);
        Assert.Contains("Expired", (await server.Owner.GetAsync("/account/tokens", Cancelled)).QuerySelector("#tokens li")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_token_does_what_it_was_made_for_and_no_more(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats"));

        using var answer = await program.GetAsync("/v1/models", Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("insufficient_scope", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("may not be used for this", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Z18_a_stream_ends_when_its_token_is_taken_away(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = ApiServer.Json(new { model = server.App.Upstream.Models[0], stream = true, messages = new[] { new { role = "user", content = "Talk [[endless=1 r=20]]" } } }),
        };
        using var answer = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.StartsWith("data: ", await lines.ReadLineAsync(Cancelled), StringComparison.Ordinal);

        var page = await server.Owner.GetAsync("/account/tokens", Cancelled);
        await server.Owner.PostAsync(page.QuerySelector("#tokens button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        var rest = await lines.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.DoesNotContain("[DONE]", rest, StringComparison.Ordinal);
        await server.App.Upstream.Requests.Last().Disconnected.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [EachDatabase]
    public async Task Z18_who_waits_for_a_whole_answer_is_out_when_the_token_is_taken_away(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        var body = new { model = server.App.Upstream.Models[0], messages = new[] { new { role = "user", content = "Talk [[endless=1 r=20]]" } } };
        var asking = program.PostAsync("/v1/chat/completions", ApiServer.Json(body), Cancelled);
        await Eventually.HoldsAsync("the service is asked", () => Task.FromResult(server.App.Upstream.Requests.Any(request => request.Path.EndsWith("/completions", StringComparison.Ordinal))), Cancelled);

        var page = await server.Owner.GetAsync("/account/tokens", Cancelled);
        await server.Owner.PostAsync(page.QuerySelector("#tokens button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        using var answer = await asking.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("A valid access token is needed", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Z18_the_tokens_of_somebody_who_is_suspended_open_nothing_and_their_streams_end()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        using var program = server.Program(await ApiServer.MakeTokenAsync(bruno, "Models"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = ApiServer.Json(new { model = server.App.Upstream.Models[0], stream = true, messages = new[] { new { role = "user", content = "Talk [[endless=1 r=20]]" } } }),
        };
        using var answer = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.StartsWith("data: ", await lines.ReadLineAsync(Cancelled), StringComparison.Ordinal);

        var person = (await server.Owner.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href");
        await server.Owner.PostAsync($"{person}/suspension", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
        await lines.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task Nobody_sees_or_takes_away_the_tokens_of_somebody_else()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        var token = await server.MakeTokenAsync("Models");
        var address = (await server.Owner.GetAsync("/account/tokens", Cancelled)).QuerySelector("#tokens button")!.GetAttribute("formaction")!;
        using var bruno = await server.InviteAsync("bruno@example.org");

        Assert.Empty((await bruno.GetAsync("/account/tokens", Cancelled)).QuerySelectorAll("#tokens li"));
        using var refused = await bruno.TryPostAsync(address, Cancelled, ("_method", "DELETE"));

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var program = server.Program(token);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Who_only_reads_calls_no_model_with_whatever_token()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var rita = await server.InviteAsync("rita@example.org", "Reads only");
        using var program = server.Program(await ApiServer.MakeTokenAsync(rita, "Models"));

        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
    }

    [EachDatabase]
    public async Task A_token_that_may_do_nothing_or_lasts_as_long_as_nobody_offered_is_not_made(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        await server.Owner.GetAsync("/account/tokens", Cancelled);
        (string, string)[][] wrong =
        [
            [("Name", ""), ("Days", "30"), ("Scopes", "Models")],
            [("Name", "x"), ("Days", "30")],
            [("Name", "x"), ("Days", "36500"), ("Scopes", "Models")],
            [("Name", "x"), ("Days", "30"), ("Scopes", "Administer")],
            [("Name", new string('x', 101)), ("Days", "30"), ("Scopes", "Models")],
        ];
        foreach (var fields in wrong)
        {
            using var answer = await server.Owner.TryPostAsync("/account/tokens", Cancelled, fields);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Empty((await server.Owner.GetAsync("/account/tokens", Cancelled)).QuerySelectorAll("#tokens li"));
    }

    [EachDatabase]
    public async Task N10_another_page_cannot_ask_in_its_readers_name(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions") { Headers = { { "Origin", "https://evil.example" }, { "Access-Control-Request-Method", "POST" } } };
        using var posted = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = ApiServer.Json("{}"), Headers = { { "Origin", "https://evil.example" } } };

        using var allowed = await program.SendAsync(preflight, Cancelled);
        using var answered = await program.SendAsync(posted, Cancelled);

        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Forbidden, answered.StatusCode);
        Assert.Empty(server.App.Upstream.Requests.Where(request => request.Path.EndsWith("/completions", StringComparison.Ordinal)));
    }
}
