using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// Speaks to a worker in plain OpenAI JSON.
internal sealed class WorkerClient : IDisposable
{
    private readonly HttpClient _http;

    public WorkerClient(ILocalEndpoint endpoint, string? key = null)
    {
#pragma warning disable RS0030 // A test's own client, over loopback.
        _http = new HttpClient { BaseAddress = new Uri(endpoint.Address + "/") };
#pragma warning restore RS0030
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? endpoint.Key);
    }

    public Task<HttpResponseMessage> SendAsync(JsonObject request, CancellationToken cancellationToken) => _http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "chat/completions") { Content = JsonContent.Create(request) },
        HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public Task<HttpResponseMessage> PostAsync(string body, CancellationToken cancellationToken) =>
        _http.PostAsync("chat/completions", new StringContent(body), cancellationToken);

    public async Task<JsonNode> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        return (await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken))!;
    }

    // The chunks of a stream; the last line must be [DONE].
    public async Task<List<JsonNode>> StreamAsync(JsonObject request, CancellationToken cancellationToken)
    {
        request["stream"] = true;
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        using var response = await SendAsync(request, cancellationToken);
        var lines = (await response.Content.ReadAsStringAsync(cancellationToken)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", lines[^1]);
        return [.. lines[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!)];
    }

    public void Dispose() => _http.Dispose();

    public static JsonObject Question(string text, int maxTokens = 40) => new()
    {
        ["messages"] = new JsonArray(Message("user", text)),
        ["max_tokens"] = maxTokens,
        ["temperature"] = 0,
    };

    public static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    public static string Text(JsonNode answer) => answer["choices"]![0]!["message"]!["content"]!.GetValue<string>();
}
