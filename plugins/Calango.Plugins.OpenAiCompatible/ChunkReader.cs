using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>
/// Reads one event's JSON, forward only and without a tree: it runs for each token. A field of an unexpected type counts
/// as absent, as services differ in what they send as null, "" or not at all.
/// </summary>
internal sealed class ChunkReader
{
    /// <summary>The answer's id, the same in each chunk.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>The model's name as the service gives it.</summary>
    public string? Model { get; private set; }

    /// <exception cref="JsonException">The event is not JSON.</exception>
    public Chunk Read(ReadOnlySpan<byte> data)
    {
        var chunk = default(Chunk);
        if (data.SequenceEqual("[DONE]"u8))
        {
            chunk.IsDone = true;
            return chunk;
        }

        var reader = new Utf8JsonReader(data);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadEvent(ref reader, ref chunk);
        }

        return chunk;
    }

    private void ReadEvent(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                ReadChoices(ref reader, ref chunk);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                ResponseId = ReadRepeated(ref reader, ResponseId);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = ReadRepeated(ref reader, Model);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                chunk.Usage = ReadUsage(ref reader) ?? chunk.Usage;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                chunk.Error = reader.TokenType == JsonTokenType.Null ? null : ErrorBody.Read(JsonElement.ParseValue(ref reader));
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    // Only one answer is ever asked for; further choices are another's.
    private static void ReadChoices(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        chunk.IsChat = true;
        for (var number = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; number++)
        {
            if (number == 0 && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(ref reader, ref chunk);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadChoice(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        var hasDelta = false;
        var message = default(Utf8JsonReader);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                hasDelta = true;
                ReadDelta(ref reader, ref chunk);
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                chunk.FinishReason = ReadString(ref reader) is { Length: > 0 } reason ? reason : null;
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                message = reader;
                SkipValue(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        // Some services send each chunk as a message as well; one that can't stream sends the whole as a message alone.
        if (!hasDelta && message.TokenType != JsonTokenType.None)
        {
            hasDelta = true;
            ReadDelta(ref message, ref chunk);
        }

        chunk.IsChat = hasDelta;
    }

    private static void ReadDelta(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                ReadContent(ref reader, ref chunk);
            }
            else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("thinking"u8))
            {
                // Several services send the same words under two of these names.
                chunk.Reasoning ??= ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                chunk.Text += ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                ReadToolCalls(ref reader, ref chunk);
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    // Text, or an array of parts: {"type":"text","text":…} and, from Mistral, {"type":"thinking","thinking":[parts]}.
    private static void ReadContent(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            chunk.Text += reader.GetString();
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            foreach (var part in JsonElement.ParseValue(ref reader).EnumerateArray())
            {
                chunk.Text += TextOf(part);
                chunk.Reasoning += Json.Items(Json.Property(part, "thinking")).Aggregate((string?)null, (sum, thought) => sum + TextOf(thought));
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private static string? TextOf(JsonElement part) => Json.String(part, "text");

    private static void ReadToolCalls(ref Utf8JsonReader reader, ref Chunk chunk)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        var place = 0;
        foreach (var call in JsonElement.ParseValue(ref reader).EnumerateArray())
        {
            var function = Json.Property(call, "function");
            var arguments = Json.Property(function, "arguments");
            (chunk.ToolCalls ??= []).Add(new ToolCallDelta(
                Json.Int(call, "index") ?? place,
                Json.String(call, "id"),
                Json.String(function, "name"),
                arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText() : Json.String(function, "arguments")));
            place++;
        }
    }

    private static UsageDetails? ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var usage = JsonElement.ParseValue(ref reader);
        return new UsageDetails
        {
            InputTokenCount = Json.Int(usage, "prompt_tokens"),
            OutputTokenCount = Json.Int(usage, "completion_tokens"),
            TotalTokenCount = Json.Int(usage, "total_tokens"),
            CachedInputTokenCount = Json.Int(Json.Property(usage, "prompt_tokens_details"), "cached_tokens") ?? Json.Int(usage, "prompt_cache_hit_tokens"),
            ReasoningTokenCount = Json.Int(Json.Property(usage, "completion_tokens_details"), "reasoning_tokens"),
        };
    }

    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    // The id and the model are the same in each chunk: one string serves them all.
    private static string? ReadRepeated(ref Utf8JsonReader reader, string? known)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return known;
        }

        return known is not null && reader.ValueTextEquals(known) ? known : reader.GetString();
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
