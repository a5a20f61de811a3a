using System.Runtime.InteropServices;
using System.Text.Json;

namespace Calango.Tests.Support.Upstream;

/// <summary>What the protocol's answers look like.</summary>
internal static class UpstreamBodies
{
    public static string Error(UpstreamReply reply) =>
        JsonSerializer.Serialize(new { error = new { message = reply.ErrorMessage, type = "scripted", code = reply.ErrorCode } });

    public static string Usage(UpstreamReply reply) =>
        $$$"""{"prompt_tokens":7,"completion_tokens":{{{reply.Tokens}}},"total_tokens":{{{reply.Tokens + 7}}},"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":{{{reply.Reasoning}}}}}""";

    public static string Models(IReadOnlyList<string> models) => JsonSerializer.Serialize(new
    {
        @object = "list",
        data = models.Select(id => new { id, @object = "model", created = 1700000000, owned_by = "scripted" }),
    });

    public static string Completion(UpstreamRequest request, UpstreamReply reply) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-scripted",
        @object = "chat.completion",
        created = 1700000000,
        model = request.Model,
        choices = new[]
        {
            new { index = 0, message = new { role = "assistant", content = reply.Text ?? UpstreamReply.WordsOf(reply.Tokens) }, finish_reason = reply.FinishReason },
        },
        usage = JsonElement.Parse(Usage(reply)),
    });

    /// <summary>A vector that depends on the text alone, as numbers or in base64, whichever was asked for.</summary>
    public static string Embeddings(JsonElement body, int length, IReadOnlyList<IReadOnlyList<string>> subjects)
    {
        var inputs = body.GetProperty("input");
        string[] texts = inputs.ValueKind == JsonValueKind.Array ? [.. inputs.EnumerateArray().Select(text => text.GetString() ?? "")] : [inputs.GetString() ?? ""];
        var asBase64 = body.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        return JsonSerializer.Serialize(new
        {
            @object = "list",
            model = body.GetProperty("model").GetString(),
            data = texts.Select((text, index) => new { @object = "embedding", index, embedding = asBase64 ? (object)Base64(VectorOf(text, length, subjects)) : VectorOf(text, length, subjects) }),
            usage = new { prompt_tokens = texts.Length, total_tokens = texts.Length },
        });
    }

    /// <summary>Scores by how many words of the query each document has, the best first, as services send them.</summary>
    public static string Rerank(JsonElement body)
    {
        var query = body.GetProperty("query").GetString()!.ToLowerInvariant().Split(' ', '?');
        return JsonSerializer.Serialize(new
        {
            model = body.GetProperty("model").GetString(),
            results = body.GetProperty("documents").EnumerateArray()
                .Select((document, index) => new { index, relevance_score = document.GetString()!.ToLowerInvariant().Split(' ', '.').Distinct().Count(query.Contains) / (double)query.Length })
                .OrderByDescending(result => result.relevance_score),
        });
    }

    // The last number is what texts have in common that are about none of them.
    private static float[] VectorOf(string text, int length, IReadOnlyList<IReadOnlyList<string>> subjects) => subjects.Count > 0
        ? [.. subjects.Select(words => (float)words.Count(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))), .. new float[length - subjects.Count - 1], 0.1f]
        : [text.Length, text.Count(char.IsLetter), text.Count(char.IsDigit), text.Count(char.IsWhiteSpace), .. new float[length - 4]];

    private static string Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
}
