using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.Upstream;

/// <summary>Plays one scripted streamed answer to one client.</summary>
internal sealed partial class ReplyWriter(
    HttpContext context, UpstreamRequest request, UpstreamReply reply, ReplyForm form, ScriptedUpstream upstream, Stream body, CancellationToken cancellationToken)
{
    private readonly ArrayBufferWriter<byte> _pending = new(512);
    private readonly string _lineEnd = reply.Crlf ? "\r\n" : "\n";

    public static async Task PlayAsync(
        HttpContext context, UpstreamRequest request, UpstreamReply reply, ReplyForm form, ScriptedUpstream upstream, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        if (!reply.Gzip)
        {
            await new ReplyWriter(context, request, reply, form, upstream, context.Response.Body, cancellationToken).WriteAsync();
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using var compressed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await new ReplyWriter(context, request, reply, form, upstream, compressed, cancellationToken).WriteAsync();
    }

    private async Task WriteAsync()
    {
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        if (reply.Hang == UpstreamHang.AfterHeaders)
        {
            await HangAsync();
        }

        Events(form.Begin());
        if (await WriteTokensAsync())
        {
            Events(form.End());
            await FlushAsync();
        }
    }

    /// <summary>False if the script ended the stream early.</summary>
    private async Task<bool> WriteTokensAsync()
    {
        if (reply.HugeLine > 0)
        {
            Events(form.Token(new string('x', reply.HugeLine), isReasoning: false));
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

            Events(form.Token(token, isReasoning: sent < reply.Reasoning));
            sent++;
            upstream.Counters.Token();
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
            Line(form.HalfEvent);
            Line("");
        }

        if (sent == reply.ErrorAfter)
        {
            Events([form.Error()]);
            await FlushAsync();
            return false;
        }

        if (sent == reply.CutInsideEventAfter)
        {
            Append(form.HalfEvent);
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

    private IEnumerable<string> Tokens()
    {
        if (((reply.SaysResult ? request.LastToolAnswer : null) ?? reply.Refusal ?? reply.Text) is { } text)
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

    private void Events(IEnumerable<UpstreamEvent> events)
    {
        foreach (var (name, data) in events)
        {
            if (name is not null)
            {
                Line($"event: {name}");
            }

            Line($"data: {data}");
            Line("");
        }
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
