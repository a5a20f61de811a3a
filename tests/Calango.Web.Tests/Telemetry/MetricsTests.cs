using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Telemetry;

public sealed class MetricsTests
{
    private static readonly string[] Fake = ["gen_ai_operation_name=chat", "gen_ai_provider_name=openai-compatible", "gen_ai_request_model=fake", "calango_connection_name=Scripted"];

    private static readonly string[] FakeTurn = [.. Fake, "calango_purpose=turn"];
    private static readonly string[] FakeTitle = [.. Fake, "calango_purpose=title"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Turns_are_counted_with_their_ends_their_tokens_and_their_queries(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await SendAsync(ana, app.Model, "Count [[n=20 u=1]]");
        await SendAsync(ana, app.Model, "Fail [[e=401]]");

        var metrics = await ReadAsync(ana, "calango_turn_ends_total", expected: 2);

        Assert.Equal(1, metrics.Value("calango_turn_ends_total", [.. Fake, "calango_turn_state=complete"]));
        Assert.Equal(1, metrics.Value("calango_turn_ends_total", [.. Fake, "error_type=provider.unauthorized", "calango_turn_state=failed"]));
        Assert.Equal(0, metrics.Value("calango_turns_running"));
        Assert.Equal(0, metrics.Value("calango_turns_queued"));
        Assert.Equal(2, metrics.Value("calango_turn_queue_wait_seconds_count"));
        Assert.Equal(20, metrics.Value("gen_ai_client_token_usage_sum", [.. FakeTurn, "gen_ai_token_type=output"]));
        Assert.Equal(1, metrics.Value("gen_ai_client_token_usage_bucket", [.. FakeTurn, "gen_ai_token_type=output", "le=64"]));
        Assert.Equal(0, metrics.Value("gen_ai_client_token_usage_bucket", [.. FakeTurn, "gen_ai_token_type=output", "le=16"]));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_time_to_first_chunk_seconds_count", FakeTurn));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_duration_seconds_count", FakeTurn));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_duration_seconds_count", [.. FakeTurn, "error_type=provider.unauthorized"]));
        Assert.Equal(1, metrics.Value("calango_turn_output_rate_per_second_count", Fake));
        var system = kind == DatabaseKind.Sqlite ? "sqlite" : "postgresql";
        Assert.True(metrics.Value("db_client_operation_duration_seconds_count", [$"db_system_name={system}", "db_operation_name=INSERT"]) > 0);
        Assert.True(metrics.Value("dotnet_process_memory_working_set_bytes") > 1_000_000);
    }

    [EachDatabase]
    public async Task The_calls_that_write_titles_are_counted_apart(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "SameModel"));
        app.Upstream.Enqueue(new UpstreamReply { Tokens = 20 }, new UpstreamReply { Tokens = 4 }, new UpstreamReply { Tokens = 20 }, new UpstreamReply { Status = 401 });
        await SendAsync(ana, app.Model, "First");
        await ana.WholeAsync(ana.Path, answers: 1, Cancelled);
        await ReadAsync(ana, "gen_ai_client_operation_duration_seconds_count", expected: 2);
        await SendAsync(ana, app.Model, "Second");

        var metrics = await ReadAsync(ana, "gen_ai_client_operation_duration_seconds_count", expected: 4);

        Assert.Equal(2, metrics.Value("gen_ai_client_operation_duration_seconds_count", FakeTurn));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_duration_seconds_count", FakeTitle));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_duration_seconds_count", [.. FakeTitle, "error_type=provider.unauthorized"]));
        Assert.Equal(1, metrics.Value("gen_ai_client_operation_time_to_first_chunk_seconds_count", FakeTitle));
        Assert.Equal(40, metrics.Value("gen_ai_client_token_usage_sum", [.. FakeTurn, "gen_ai_token_type=output"]));
        Assert.Equal(4, metrics.Value("gen_ai_client_token_usage_sum", [.. FakeTitle, "gen_ai_token_type=output"]));
        Assert.Equal(2, metrics.Sum("calango_turn_ends_total"));
    }

    [Fact]
    public async Task Of_several_connections_the_one_that_fails_is_named_even_where_another_answers_for_it()
    {
        await using var app = await TestApp.StartAsync();
        await using var other = await ScriptedUpstream.StartAsync();
        other.Models = ["gecko"];
        using var ana = app.Visit();
        var connected = await ana.PostAsync("/models/connections/new", Cancelled, [.. ConnectionFields.Of(other.Address.ToString(), name: "Backup")]);
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        var gecko = ((IHtmlInputElement)connected.QuerySelector("#composer [name=Model]")!).Value;
        await ana.PostAsync("/models/fallbacks", Cancelled, ("_method", "PUT"), ("model", gecko));
        app.Upstream.Enqueue(new UpstreamReply { Status = 401 });
        await SendAsync(ana, app.Model, "Fail over");
        await ReadAsync(ana, "calango_turn_ends_total", expected: 1);
        await ana.PostAsync("/models/fallbacks", Cancelled, ("_method", "PUT"));
        app.Upstream.Enqueue(new UpstreamReply { Status = 401 });
        await SendAsync(ana, app.Model, "Fail");

        var metrics = await ReadAsync(ana, "calango_turn_ends_total", expected: 2);

        Assert.Equal(1, metrics.Value("calango_turn_ends_total", [.. Fake, "error_type=provider.unauthorized", "calango_turn_state=failed"]));
        Assert.Equal(1, metrics.Value("calango_turn_ends_total", [.. Fake[..2], "gen_ai_request_model=gecko", "calango_connection_name=Backup", "calango_turn_state=complete"]));
        Assert.Equal(2, metrics.Value("calango_connection_calls_total", "calango_connection_name=Scripted", "error_type=provider.unauthorized"));
        Assert.Equal(1, metrics.Value("calango_connection_calls_total", "calango_connection_name=Backup"));
    }

    [Fact]
    public async Task Turns_that_run_and_turns_that_wait_are_told_apart()
    {
        await using var app = await TestApp.StartAsync(settings: [new("CALANGO_TURNS_MAXCONCURRENT", "1")]);
        using var ana = app.Visit();
        await SendAsync(ana, app.Model, "First [[h=1]]");
        await app.Upstream.NextRequestAsync(Cancelled);
        await SendAsync(ana, app.Model, "Second");

        var metrics = await ReadAsync(ana, "calango_turns_queued", expected: 1);

        Assert.Equal(1, metrics.Value("calango_turns_running"));
    }

    [Fact]
    public async Task Tokens_that_no_service_counted_are_kept_apart()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SendAsync(ana, app.Model, "Count [[n=20 u=0]]");

        var metrics = await ReadAsync(ana, "calango_turn_ends_total", expected: 1);

        Assert.True(metrics.Value("calango_turn_estimated_tokens_total", [.. Fake, "gen_ai_token_type=output"]) > 0);
        Assert.DoesNotContain("gen_ai_client_token_usage_count", metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_nobody_offers_is_not_counted_by_its_name()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SendAsync(ana, app.Model with { ModelId = "made-up" }, "Hello");

        var metrics = await ReadAsync(ana, "calango_turn_ends_total", expected: 1);

        Assert.DoesNotContain("made-up", metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strict_check_of_prometheus_finds_nothing_even_with_an_odd_name_of_a_model()
    {
        Assert.SkipWhen(Prometheus.WhyNot is not null, Prometheus.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Models = ["""o"d\d"""];
        var model = await app.ConnectAsync(app.Upstream);
        using var ana = app.Visit();
        await SendAsync(ana, model, "Hello");

        var metrics = await ReadAsync(ana, "calango_turn_ends_total", expected: 1);

        Assert.Equal("", await Prometheus.CheckAsync(metrics.Text, Cancelled));
        Assert.Contains("""gen_ai_request_model="o\"d\\d",""", metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_scrapes_it()
    {
        Assert.SkipWhen(Prometheus.WhyNot is not null, Prometheus.WhyNot ?? "");
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SendAsync(ana, app.Model, "Count [[n=20 u=1]]");
        await using var prometheus = await Prometheus.ScrapeAsync(app.Address, Cancelled);

        await Eventually.HoldsAsync("the turn is counted", () => IsAsync("sum(calango_turn_ends_total)", "1"), Cancelled);
        Assert.True(await IsAsync("""histogram_quantile(1, sum by (le) (gen_ai_client_token_usage_bucket{gen_ai_token_type="output"}))""", "64"));
        var metadata = await prometheus.Http.GetStringAsync("/api/v1/metadata?metric=calango_turn_ends_total", Cancelled);
        Assert.Contains("\"type\":\"counter\"", metadata, StringComparison.Ordinal);
        Assert.Contains("Turns that ended", metadata, StringComparison.Ordinal);

        async Task<bool> IsAsync(string query, string value)
        {
            using var answer = JsonDocument.Parse(await prometheus.Http.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", Cancelled));
            return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(result => result.GetProperty("value")[1].GetString()).Contains(value);
        }
    }

    [Fact]
    public async Task A_stranger_that_rebinds_its_name_reads_no_metrics()
    {
        await using var app = await TestApp.StartAsync();
        using var visitor = app.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = $"evil.example:{app.Address.Port}" } };
        using var response = await visitor.Http.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    private static Task SendAsync(Visitor visitor, ModelRef model, string text) =>
        visitor.PostAsync("/messages", Cancelled, ("Text", text), ("Model", model.ToString()));

    private static async Task<MetricsPage> ReadAsync(Visitor visitor, string name, double expected)
    {
        MetricsPage page = null!;
        await Eventually.HoldsAsync($"{name} is {expected}", async () =>
        {
            page = new MetricsPage(await visitor.MetricsAsync(Cancelled));
            return page.Sum(name) == expected;
        }, Cancelled);
        return page;
    }
}
