using AngleSharp.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Telemetry;

/// <summary>What calls of tools are counted and traced by, and that nothing of what they were about is in it.</summary>
public sealed class ToolTelemetryTests
{
    private const string Traces = "/v1/traces", Metrics = "/v1/metrics";
    private const string Factors = "123456789.125*987654321", Product = "121932631236092059.125", Zone = "canary-of-the-zone", MadeUp = "canary_made_up";

    private static readonly UpstreamReply Sum = new() { Text = "So:", Tool = "calculate", ToolArguments = $$"""{"expression":"{{Factors}}"}""", CallsAgain = true };
    private static readonly UpstreamReply Mistake = Sum with { ToolArguments = $$"""{"canary":"{{Zone}}"}""" };
    private static readonly UpstreamReply Clock = Sum with { Tool = "date_and_time", ToolArguments = $$"""{"zone":"{{Zone}}"}""" };
    private static readonly UpstreamReply Unknown = Sum with { Tool = MadeUp, ToolArguments = $$"""{"zone":"{{Zone}}"}""" };

    private static readonly string[] Calculate = ["gen_ai_operation_name=execute_tool", "gen_ai_tool_name=calculate", "calango_plugin=tools"];
    private static readonly string[] NoTool = ["gen_ai_operation_name=execute_tool", "gen_ai_tool_name=unknown", "calango_plugin=unknown"];
    private static readonly string[] DateAndTime = ["gen_ai_operation_name=execute_tool", "gen_ai_tool_name=date_and_time", "calango_plugin=tools"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Calls_are_counted_by_tool_plugin_and_end_and_those_that_were_made_are_timed(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        app.Upstream.Enqueue(Sum, Sum, Mistake, Unknown, Clock, new UpstreamReply { SaysResult = true });

        await AskAsync(ana, app.Model.ToString());
        await DecideAsync(ana, "Deny");
        await ana.WholeAsync(ana.Path.Split('#')[0], answers: 1, Cancelled);

        var metrics = new MetricsPage(await ana.MetricsAsync(Cancelled));
        Assert.Equal(2, metrics.Value("calango_tool_calls_total", [.. Calculate, "calango_tool_state=done"]));
        Assert.Equal(1, metrics.Value("calango_tool_calls_total", [.. Calculate, "calango_tool_state=failed"]));
        Assert.Equal(1, metrics.Value("calango_tool_calls_total", [.. NoTool, "calango_tool_state=failed"]));
        Assert.Equal(1, metrics.Value("calango_tool_calls_total", [.. DateAndTime, "calango_tool_state=denied"]));
        Assert.Equal(1, metrics.Value("calango_tool_duration_seconds_count", Calculate));
        Assert.Equal(1, metrics.Sum("calango_tool_duration_seconds_count"));
        AssertSilent("/metrics", metrics.Text);
        if (Prometheus.WhyNot is null)
        {
            Assert.Equal("", await Prometheus.CheckAsync(metrics.Text, Cancelled));
        }
    }

    [Fact]
    public async Task A_call_is_a_span_and_neither_spans_nor_metrics_nor_the_log_have_its_arguments_or_its_result()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await WatchedServer.StartAsync(key: "", password: "none", Cancelled);
        server.Upstream.Enqueue(Sum, Mistake, Unknown, Clock, new UpstreamReply { SaysResult = true });

        await AskAsync(server.Ana, server.Model);
        await DecideAsync(server.Ana, "Allow");
        var page = await server.Ana.WholeAsync(server.Ana.Path.Split('#')[0], answers: 1, Cancelled);

        // They are where they belong.
        Assert.Contains(Product, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(Zone, page.QuerySelectorAll(".tool-use").Last().TextContent, StringComparison.Ordinal);
        // The exporter sends text as it is, after its tag and its length.
        foreach (var text in new[] { "execute_tool calculate", "execute_tool date_and_time", "execute_tool unknown", "gen_ai.tool.name\u0012\u000b\n\u0009calculate", "calango.plugin\u0012\u0007\n\u0005tools", "gen_ai.tool.call.id", "gen_ai.tool.type\u0012\n\n\u0008function", "error.type\u0012\u0008\n\u0006failed" })
        {
            await server.Collector.WaitForAsync(Traces, text, Cancelled);
        }

        await server.Collector.WaitForAsync(Metrics, "calango.tool.calls", Cancelled);
        await server.Collector.WaitForAsync(Metrics, "calango.tool.duration", Cancelled);
        var metrics = await server.Ana.MetricsAsync(Cancelled);
        await server.Process.TerminateAsync(Cancelled);
        AssertSilent("log", string.Join('\n', server.Process.Log));
        AssertSilent(Traces, server.Collector.Received(Traces));
        AssertSilent(Metrics, server.Collector.Received(Metrics));
        AssertSilent("/metrics", metrics);
    }

    private static async Task AskAsync(Visitor visitor, string model)
    {
        var form = await visitor.GetAsync("/chat/new/settings", Cancelled);
        var keys = form.QuerySelectorAll(".tools-choice label").Where(label => label.TextContent.Trim() is "Calculator" or "Date and time").Select(label => ("Tools", label.QuerySelector("input")!.GetAttribute("value")!));
        await visitor.PostAsync("/messages", Cancelled, [("Text", "Go"), ("Model", model), .. keys]);
    }

    private static async Task DecideAsync(Visitor visitor, string word)
    {
        var chat = visitor.Path;
        IElement? ask = null;
        await Eventually.HoldsAsync("it is asked", async () => (ask = (await visitor.GetAsync(chat, Cancelled)).QuerySelector("[data-ask]")) is not null, Cancelled);
        await visitor.PostAsync(ask!.QuerySelectorAll("button").Single(button => button.TextContent == word).GetAttribute("formaction")!, Cancelled);
    }

    private static void AssertSilent(string where, string text)
    {
        foreach (var secret in new[] { Factors, Product, Zone, MadeUp, "canary" })
        {
            Assert.True(!text.Contains(secret, StringComparison.Ordinal), $"{secret} is in {where}.\n{text}");
        }
    }
}
