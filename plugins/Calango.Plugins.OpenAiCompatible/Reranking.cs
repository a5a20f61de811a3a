using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>
/// Asks a service's <c>/rerank</c>. OpenAI has none: this is the form of Jina and Cohere, which llama-server, vLLM, LocalAI, LiteLLM and
/// Infinity speak.
/// </summary>
internal sealed class Reranking(Service service, HttpClient http)
{
    public async Task<IReadOnlyList<double>> AskAsync(string modelId, string question, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{service.Address.AbsoluteUri.TrimEnd('/')}/rerank"));
            request.Headers.Authorization = service.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
            request.Content = JsonContent.Create(new JsonObject
            {
                ["model"] = modelId,
                ["query"] = question,
                ["documents"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
                ["top_n"] = texts.Count,
                ["return_documents"] = false,
            });
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var body = BinaryData.FromBytes(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return response.IsSuccessStatusCode ? Read(body, texts.Count) : throw ErrorBody.Parse(body).ToException((int)response.StatusCode, apiKey: service.ApiKey);
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, service.ApiKey, cancellationToken);
        }
    }

    // In whichever order they come, each says which text it is of.
    private static double[] Read(BinaryData body, int count)
    {
        var scores = new double?[count];
        foreach (var result in Json.Items(Json.Property(JsonElement.Parse(body.ToMemory().Span), "results")))
        {
            if (Json.Int(result, "index") is { } index && index >= 0 && index < count && Json.Property(result, "relevance_score") is { ValueKind: JsonValueKind.Number } score)
            {
                scores[index] = score.GetDouble();
            }
        }

        return scores.All(score => score is not null) ? Array.ConvertAll(scores, score => score!.Value) : throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
    }
}
