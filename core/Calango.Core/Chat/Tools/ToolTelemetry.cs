using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;
using Calango.Core.Tools;

namespace Calango.Core.Chat;

/// <summary>What calls of tools tell whoever watches over the server, after the conventions for generative models. Never an argument or a result. Thread-safe.</summary>
internal sealed class ToolTelemetry
{
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120];

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;

    public ToolTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Instrumentation.Name);
        _calls = meter.CreateCounter<long>("calango.tool.calls", "{call}", "Calls of tools that models wanted, by how they ended.");
        _duration = meter.CreateHistogram("calango.tool.duration", "s", "How long tools took.", Seconds);
    }

    /// <summary>It has ended. A name that no server offers is whatever a model made up: not to be counted by.</summary>
    public void Ended(ToolUse use, CatalogTool? tool)
    {
        var tags = new TagList { { "gen_ai.operation.name", "execute_tool" }, { "gen_ai.tool.name", tool?.Name ?? "unknown" }, { "calango.plugin", tool?.Server.PluginId ?? "unknown" } };
        if (use is { StartedAt: { } started, EndedAt: { } ended, WasKept: false })
        {
            _duration.Record((ended - started).TotalSeconds, tags);
        }

        Trace(use, tags);
        tags.Add("calango.tool.state", NameOf(use.State));
        _calls.Add(1, tags);
    }

    private static void Trace(ToolUse use, in TagList tags)
    {
        var name = $"execute_tool {tags[1].Value}";
        using var span = Instrumentation.Source.StartActivity(ActivityKind.Internal, tags: tags, startTime: use.StartedAt ?? use.CreatedAt, name: name);
        if (span is null)
        {
            return;
        }

        span.SetTag("gen_ai.tool.call.id", ToolUses.IdOf(use));
        span.SetTag("gen_ai.tool.type", "function");
        span.SetEndTime(use.EndedAt!.Value.UtcDateTime);
        if (use.State != ToolUseState.Done)
        {
            span.SetTag(Instrumentation.ErrorType, NameOf(use.State));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string NameOf(ToolUseState state) => state switch
    {
        ToolUseState.Done => "done",
        ToolUseState.Denied => "denied",
        _ => "failed",
    };
}
