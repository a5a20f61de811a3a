using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.Upstream;

/// <summary>Plays one scripted streamed answer to one client.</summary>
internal sealed partial class ReplyWriter(
    HttpContext context, UpstreamRequest request, UpstreamReply reply, ScriptedUpstream upstream, Stream body, CancellationToken cancellationToken)
{
    private readonly ArrayBufferWriter<byte> _pending = new(512);
    private readonly string _lineEnd = reply.Crlf ? "\r\n" : "\n";

    public static async Task PlayAsync(
        HttpContext context, UpstreamRequest request, UpstreamReply reply, ScriptedUpstream upstream, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        if (!reply.Gzip)
        {
            await new ReplyWriter(context, request, reply, upstream, context.Response.Body, cancellationToken).WriteAsync();
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using var compressed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await new ReplyWriter(context, request, reply, upstream, compressed, cancellationToken).WriteAsync();
    }

    private async Task WriteAsync()
    {
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        if (reply.Hang == UpstreamHang.AfterHeaders)
        {
            await HangAsync();
        }

        if (await WriteTokensAsync())
        {
            await WriteEndAsync();
        }
    }

    /// <summary>False if the script ended the stream early.</summary>
    private async Task<bool> WriteTokensAsync()
    {
        if (reply.HugeLine > 0)
        {
            Event(Delta("content", new string('x', reply.HugeLine)));
            await FlushAsync();
        }

        if (reply.FirstTokenDelay > 0)
        {
            await Task.Delay(reply.FirstTokenDelay, cancellationToken);
        }

        var released = upstream.Released;
        var interval = reply.Rate > 0 ? TimeSpan.FromSeconds(1 / reply.Rate) : TimeSpan.Zero;
        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        foreach (var token in Tokens())
        {
            if (reply.HoldOpen && released.IsCompleted)
            {
                break;
            }

            if (!await PlayFaultAsync(sent))
            {
                return false;
            }

            Event(Delta(sent < reply.Reasoning ? reply.ReasoningField : reply.Refusal is null ? "content" : "refusal", token));
            sent++;
            if (sent % reply.TokensPerWrite == 0)
            {
                await FlushAsync();
            }

            // The due time counts from the start, so that a late timer does not slow the whole stream down.
            if (interval > TimeSpan.Zero && sent * interval - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, cancellationToken);
            }
        }

        upstream.Counters.Tokens(sent);
        await FlushAsync();
        return await PlayFaultAsync(sent);
    }

    /// <summary>Does what the script wants after so many tokens; false if that ends the stream.</summary>
    private async Task<bool> PlayFaultAsync(int sent)
    {
        if (sent == reply.HoldAfter)
        {
            await FlushAsync();
            var released = upstream.Released;
            request.MarkHeld();
            await released.WaitAsync(cancellationToken);
        }

        if (sent == reply.StallAfter)
        {
            await FlushAsync();
            await HangAsync();
        }

        if (sent == reply.GarbageAfter)
        {
            Line("data: {\"choices\":[{\"delta\":{\"content\":\"");
            Line("");
        }

        if (sent == reply.ErrorAfter)
        {
            Event(UpstreamBodies.Error(reply));
            await FlushAsync();
            return false;
        }

        if (sent == reply.CutInsideEventAfter)
        {
            Append("data: {\"choices\":[{\"delta\":{\"con");
        }

        if (sent == reply.ResetAfter)
        {
            await FlushAsync();
            context.Features.Get<IConnectionSocketFeature>()?.Socket.Close(0);
            context.Abort();
            return false;
        }

        if (sent == reply.CutAfter || sent == reply.CutInsideEventAfter)
        {
            await FlushAsync();
            throw new ScriptedCutException();
        }

        return true;
    }

    private async Task WriteEndAsync()
    {
        var calls = CallsTool();
        if (calls)
        {
            WriteToolCall();
        }

        if (reply.FinishReason is not null)
        {
            Event(Choice("{}", calls ? "tool_calls" : reply.FinishReason));
        }

        if (reply.Usage ?? AsksForUsage())
        {
            Event(Chunk("[]", $",\"usage\":{UpstreamBodies.Usage(reply)}"));
        }

        if (reply.FinishReason is not null)
        {
            Event("[DONE]");
        }

        await FlushAsync();
    }

    private void WriteToolCall()
    {
        Event(Choice($$$"""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":{{{Json(reply.Tool!)}}},"arguments":""}}]}"""));
        foreach (var piece in reply.ToolArguments.Chunk(4))
        {
            Event(Choice($$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{Json(new string(piece))}}}}}]}"""));
        }
    }

    private bool CallsTool() =>
        reply.Tool is not null && request.Body.TryGetProperty("tools", out _) && request.Messages[^1].Role != "tool";

    private bool AsksForUsage() =>
        request.Body.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var include) && include.GetBoolean();

    private IEnumerable<string> Tokens()
    {
        if ((reply.Refusal ?? reply.Text) is { } text)
        {
            foreach (Match word in WordWithSpace().Matches(text))
            {
                yield return word.Value;
            }

            yield break;
        }

        for (var number = 1; reply.Endless || reply.HoldOpen || number <= reply.Tokens; number++)
        {
            yield return reply.StampEvery > 0 && number % reply.StampEvery == 0 ? Stamp() : UpstreamReply.Word(number).PadLeft(reply.WordLength, 'w');
        }
    }

    // Stopwatch reads CLOCK_MONOTONIC, which a reader in another process on this machine can compare with its own.
    private static string Stamp() =>
        string.Create(CultureInfo.InvariantCulture, $"~{Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)} ");

    private string Delta(string field, string text) => Choice($$"""{"{{field}}":{{Json(text)}}}""");

    private string Choice(string delta, string? finishReason = null) =>
        Chunk($$"""[{"index":0,"delta":{{delta}},"finish_reason":{{(finishReason is null ? "null" : Json(finishReason))}}}]""");

    private string Chunk(string choices, string more = "") =>
        $$"""{"id":"chatcmpl-scripted","object":"chat.completion.chunk","created":1700000000,"model":{{Json(request.Model)}},"choices":{{choices}}{{more}}}""";

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private void Event(string data)
    {
        Line($"data: {data}");
        Line("");
    }

    private void Line(string text)
    {
        Append(text);
        Append(_lineEnd);
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _pending);

    private async Task FlushAsync()
    {
        if (reply.SplitBytes)
        {
            for (var i = 0; i < _pending.WrittenCount; i++)
            {
                await body.WriteAsync(_pending.WrittenMemory.Slice(i, 1), cancellationToken);
                await body.FlushAsync(cancellationToken);
            }
        }
        else if (_pending.WrittenCount > 0)
        {
            await body.WriteAsync(_pending.WrittenMemory, cancellationToken);
            await body.FlushAsync(cancellationToken);
        }

        _pending.ResetWrittenCount();
    }

    private async Task HangAsync()
    {
        request.MarkHeld();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    [GeneratedRegex(@"\s*\S+\s*|\s+", RegexOptions.None, 1000)]
    private static partial Regex WordWithSpace();
}

/// <summary>
/// Ends an answer in the middle: on an exception after the start of a response Kestrel sends what was written and closes
/// the connection without the end of the body. An abort would throw away what is not sent yet.
/// </summary>
internal sealed class ScriptedCutException : Exception;
