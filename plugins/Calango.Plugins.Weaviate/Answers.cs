using System.Globalization;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>A vector that was found.</summary>
internal readonly record struct Hit(long Passage, float? Cosine);

/// <summary>Reads what a good answer holds: Weaviate says 200 where some or all of it went wrong.</summary>
internal static class Answers
{
    /// <exception cref="ProviderException">Some of a batch was not put there, or nobody knows.</exception>
    public static void RequireAllPut(Answer answer, int count)
    {
        if (!answer.IsGood)
        {
            throw answer.ToException();
        }

        if (answer.Body.ValueKind != JsonValueKind.Array || answer.Body.GetArrayLength() != count)
        {
            throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }

        foreach (var entry in answer.Body.EnumerateArray())
        {
            var result = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("result", out var known) ? known : default;
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.String)
            {
                throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
            }

            if (status.GetString() != "SUCCESS")
            {
                throw new ProviderException(ProviderErrorKind.ServiceFailed, result.TryGetProperty("errors", out var errors) ? answer.Hide(errors.ToString()) : null, answer.Status);
            }
        }
    }

    /// <summary>Whether a deletion must be asked for once more.</summary>
    /// <exception cref="ProviderException">Some could not be deleted.</exception>
    public static bool AreSomeLeft(Answer answer)
    {
        var results = answer.Require("results");
        var (matches, successful) = (Number(results, "matches"), Number(results, "successful"));
        return Number(results, "failed") > 0 || (matches > 0 && successful == 0) ? throw new ProviderException(ProviderErrorKind.ServiceFailed, statusCode: answer.Status) : matches > 0;
    }

    /// <summary>What a search has found, the best first; null: it could not be done.</summary>
    /// <exception cref="ProviderException">It is half an answer.</exception>
    public static List<Hit>? Hits(Answer answer, string name)
    {
        if (!answer.IsGood || (answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0))
        {
            return null;
        }

        try
        {
            return [.. answer.Body.GetProperty("data").GetProperty("Get").GetProperty(name).EnumerateArray().Select(hit => new Hit(
                long.Parse(hit.GetProperty("passage").GetString()!, CultureInfo.InvariantCulture),
                hit.GetProperty("_additional").TryGetProperty("distance", out var distance) && distance.ValueKind == JsonValueKind.Number ? 1 - distance.GetSingle() : null))];
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException or OverflowException)
        {
            throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }
    }

    private static long Number(JsonElement results, string name) =>
        results.ValueKind == JsonValueKind.Object && results.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? (long)number.GetDouble()
            : throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
}
