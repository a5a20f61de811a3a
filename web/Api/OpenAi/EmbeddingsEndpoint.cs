using System.Runtime.InteropServices;
using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Text;

namespace Calango.Web.Api.OpenAi;

/// <summary>
/// <c>POST /v1/embeddings</c> (platform.openai.com/docs/api-reference/embeddings/create). The model is named as its service does,
/// and where several connections have such models, with the connection's name before it.
/// </summary>
internal static class EmbeddingsEndpoint
{
    private const int MaxModelLength = 500;
    private const int MostTexts = 2048;
    private const int MostDimensions = 100_000;

    public static async Task AnswerAsync(HttpContext context, CountedEmbeddings embeddings, Viewer viewer)
    {
        var body = await JsonInput.ReadAsync(context.Request, context.RequestAborted);
        var (name, texts) = (body.Needed("model").Text(MaxModelLength), TextsOf(body.Needed("input")));
        var isBase64 = body["encoding_format"] is { } format && (format.Text() switch { "base64" => true, "float" => false, _ => throw format.NotSupported() });
        var dimensions = (int?)body["dimensions"]?.Whole(1, MostDimensions);
        var caller = new ModelCaller(viewer.AccountId, CallPriority.Interactive);
        var connections = await embeddings.ConnectionsAsync(context.RequestAborted);
        var (connection, model) = connections.FirstOrDefault(connection => name.StartsWith($"{connection.Name}/", StringComparison.Ordinal)) is { } named
            ? (named, name[(named.Name.Length + 1)..])
            : (connections.FirstOrDefault() ?? throw new RejectedException("api.model", ("param", "model"), ("model", name)), name);
        Write(context, name, await embeddings.EmbedAsync(connection, model, texts, dimensions, caller, context.RequestAborted), isBase64);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    // Numbers of tokens would be another model's tokens: only texts mean the same everywhere.
    private static List<string> TextsOf(JsonInput input)
    {
        var texts = input.IsText ? [input.Text()] : input.Items().Select(item => item.Text()).ToList();
        return texts.Count is > 0 and <= MostTexts ? texts : throw new RejectedException("api.items", ("param", input.Path), ("most", $"{MostTexts}"));
    }

    private static void Write(HttpContext context, string model, EmbeddedTexts embedded, bool isBase64)
    {
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (index, vector) in embedded.Vectors.Index())
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            WriteVector(json, vector, isBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", embedded.InputTokens ?? 0);
        json.WriteNumber("total_tokens", embedded.InputTokens ?? 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // In base64: the numbers' own bytes, the least significant first.
    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool isBase64)
    {
        if (isBase64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var number in vector)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
