using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Chat;
using Microsoft.Extensions.AI;

namespace Calango.Web.Api.OpenAi;

/// <summary>
/// Writes an answer as OpenAI does, whole or as a stream (platform.openai.com/docs/api-reference/chat/object and …/chat-streaming).
/// What a model thinks goes as <c>reasoning_content</c>, as other servers of this form send it.
/// </summary>
internal sealed class ChatAnswer(string id, string model, long created)
{
    // For programs, not for a page.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Arguments = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private int _calls;

    /// <summary>Writes all of it at once.</summary>
    public void WriteWhole(IBufferWriter<byte> output, IReadOnlyList<ChatResponseUpdate> updates, string finishReason, CompletionUsage usage)
    {
        var contents = updates.SelectMany(update => update.Contents).ToList();
        var (text, reasoning) = (string.Concat(contents.OfType<TextContent>()), string.Concat(contents.OfType<TextReasoningContent>()));
        using var json = new Utf8JsonWriter(output, Json);
        WriteHead(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        var calls = contents.OfType<FunctionCallContent>().ToList();
        json.WriteString("content", text.Length == 0 && calls.Count > 0 ? null : text);
        if (reasoning.Length > 0)
        {
            json.WriteString("reasoning_content", reasoning);
        }

        if (calls.Count > 0)
        {
            WriteCalls(json, calls, areNumbered: false);
        }

        json.WriteEndObject();
        json.WriteString("finish_reason", finishReason);
        json.WriteNull("logprobs");
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, usage);
        json.WriteEndObject();
    }

    /// <summary>Begins a stream.</summary>
    public void WriteBeginning(IBufferWriter<byte> output) => WriteChunk(output, json =>
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    });

    /// <summary>Writes a piece of a stream, if there is anything in it to be said.</summary>
    public bool WritePiece(IBufferWriter<byte> output, ChatResponseUpdate update)
    {
        var (text, reasoning) = (update.Text, string.Concat(update.Contents.OfType<TextReasoningContent>()));
        var calls = update.Contents.OfType<FunctionCallContent>().ToList();
        if (text.Length == 0 && reasoning.Length == 0 && calls.Count == 0)
        {
            return false;
        }

        WriteChunk(output, json =>
        {
            if (text.Length > 0)
            {
                json.WriteString("content", text);
            }

            if (reasoning.Length > 0)
            {
                json.WriteString("reasoning_content", reasoning);
            }

            if (calls.Count > 0)
            {
                WriteCalls(json, calls, areNumbered: true);
            }
        });
        return true;
    }

    /// <summary>Ends a stream well.</summary>
    public void WriteEnd(IBufferWriter<byte> output, string finishReason, CompletionUsage? usage)
    {
        WriteChunk(output, static _ => { }, finishReason);
        if (usage is { } took)
        {
            WriteEvent(output, json =>
            {
                WriteHead(json, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                WriteUsage(json, took);
                json.WriteEndObject();
            });
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>Ends a stream that broke off.</summary>
    public void WriteFailure(IBufferWriter<byte> output, OpenAiError error) => WriteEvent(output, error.Write);

    private void WriteChunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> writeDelta, string? finishReason = null) => WriteEvent(output, json =>
    {
        WriteHead(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        writeDelta(json);
        json.WriteEndObject();
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteEvent(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, Json))
        {
            write(json);
        }

        output.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", kind);
        json.WriteNumber("created", created);
        json.WriteString("model", model);
    }

    private void WriteCalls(Utf8JsonWriter json, IEnumerable<FunctionCallContent> calls, bool areNumbered)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            if (areNumbered)
            {
                json.WriteNumber("index", _calls++);
            }

            json.WriteString("id", call.CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments is { } arguments ? JsonSerializer.Serialize(arguments, Arguments) : "{}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, CompletionUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokens);
        json.WriteNumber("completion_tokens", usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        json.WriteEndObject();
    }
}
