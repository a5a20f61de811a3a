using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>What somebody thinks of an answer, as Langfuse has it: one score on the trace of the answer, whose id follows from the answer's.</summary>
internal static class Score
{
    public static string IdOf(ModelEvent rating) => $"rating-{rating.TurnId:N}";

    public static ReadOnlyMemory<byte> Write(ModelEvent rating) => OtlpTraces.Written(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", IdOf(rating));
        json.WriteString("traceId", rating.TurnId.ToString("N"));
        json.WriteString("name", "user-feedback");
        json.WriteString("dataType", "BOOLEAN");
        json.WriteNumber("value", rating.Rating!.IsGood == true ? 1 : 0);
        if (rating.Text is { Comment.Length: > 0 } text)
        {
            json.WriteString("comment", text.Comment);
        }

        json.WriteStartObject("metadata");
        json.WriteStartArray("reasons");
        foreach (var reason in rating.Rating.Reasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
