using System.Diagnostics;
using Calango.Core.Telemetry;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>The call of a model for a small task, told to whoever watches over the server as a turn's calls are.</summary>
internal sealed class MeasuredTask(CallTelemetry telemetry, TaskCall call, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private double? _firstToken;

    /// <summary>Awaits the whole answer.</summary>
    public async Task<ChatResponse> ReadAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        using var span = Instrumentation.Source.StartActivity("chat", ActivityKind.Client);
        try
        {
            var response = await CollectAsync(updates);
            End(span, null, response.Usage);
            return response;
        }
        catch (Exception exception)
        {
            End(span, ModelEvents.CodeOf(exception, call.Model), null);
            throw;
        }
    }

    private async Task<ChatResponse> CollectAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        var all = new List<ChatResponseUpdate>();
        await foreach (var update in updates)
        {
            if (update.Contents.Any(content => content is TextContent or TextReasoningContent))
            {
                _firstToken ??= Elapsed;
            }

            all.Add(update);
        }

        return all.ToChatResponse();
    }

    private void End(Activity? span, string? failure, UsageDetails? usage)
    {
        var tags = CallTelemetry.TagsOf(call.Model, call.Model.ConnectionName);
        telemetry.Took(call.Purpose, Elapsed, failure, tags);
        if (_firstToken is { } first)
        {
            telemetry.FirstToken(call.Purpose, first, tags);
        }

        if (usage?.InputTokenCount is { } input)
        {
            telemetry.Tokens(call.Purpose, "input", input, tags);
        }

        if (usage?.OutputTokenCount is { } output)
        {
            telemetry.Tokens(call.Purpose, "output", output, tags);
        }

        if (span is { IsAllDataRequested: true })
        {
            Describe(span, failure, usage, tags);
        }
    }

    private void Describe(Activity span, string? failure, UsageDetails? usage, in TagList tags)
    {
        foreach (var (name, value) in tags)
        {
            span.SetTag(name, value);
        }

        span.DisplayName = $"chat {call.Model.Ref.ModelId}";
        span.SetTag(CallTelemetry.Purpose, call.Purpose);
        span.SetTag("gen_ai.conversation.id", call.Turn.ConversationId.ToString());
        span.SetTag("gen_ai.usage.input_tokens", usage?.InputTokenCount);
        span.SetTag("gen_ai.usage.output_tokens", usage?.OutputTokenCount);
        span.SetTag("gen_ai.response.time_to_first_chunk", _firstToken / 1000);
        span.SetTag("calango.turn.id", call.Turn.Id.ToString());
        span.SetTag("calango.request.id", call.Turn.RequestId);
        if (failure is not null)
        {
            span.SetTag(Instrumentation.ErrorType, failure);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private double Elapsed => clock.GetElapsedTime(_start).TotalMilliseconds;
}
