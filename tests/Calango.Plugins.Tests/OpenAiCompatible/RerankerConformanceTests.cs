using System.Net;
using System.Net.Sockets;
using Calango.Core.Plugins;
using Calango.Plugins.OpenAiCompatible;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class RerankerConformanceTests : RerankerConformance, IAsyncLifetime
{
    private readonly PluginHttp _http = new();
    private readonly TcpListener _silentPort = new(IPAddress.Loopback, 0);
    private ScriptedUpstream _upstream = null!;

    public RerankerConformanceTests() => Reranker = new OpenAiCompatibleProvider(_http);

    protected override IReranker Reranker { get; }

    protected override string ModelId => "bge-reranker-v2-m3";

    protected override SettingsValues Settings => At(_upstream.Address.AbsoluteUri);

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.Models = ["fake", "acme-embed", ModelId];
        _silentPort.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _http.Dispose();
        _silentPort.Dispose();
    }

    [Fact]
    public async Task Those_whose_names_or_types_say_so_are_listed_and_no_others() =>
        Assert.Equal([ModelId], (await Reranker.ListRerankersAsync(Settings, TestEnd)).Select(model => model.Id));

    [Fact]
    public async Task A_request_has_the_form_of_jina_and_cohere()
    {
        await Reranker.RerankAsync(ModelId, "Which lamp?", ["red", "blue"], Settings, TestEnd);

        var request = Assert.Single(_upstream.AllRequests, request => request.Path == "/v1/rerank");
        Assert.Equal("""{"model":"bge-reranker-v2-m3","query":"Which lamp?","documents":["red","blue"],"top_n":2,"return_documents":false}""", request.Body.GetRawText());
    }

    [Theory]
    [InlineData("""{"results":[{"index":1,"relevance_score":-3.5},{"index":0,"relevance_score":9.25,"document":{"text":"red"}}]}""", new[] { 9.25, -3.5 })]
    [InlineData("""{"id":"x","model":"y","usage":{"total_tokens":3},"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":0}]}""", new[] { 0.5, 0 })]
    public async Task Scores_come_back_in_the_order_of_the_texts(string answer, double[] scores)
    {
        _upstream.Answer("/v1/rerank", answer);

        Assert.Equal(scores, await Reranker.RerankAsync(ModelId, "Which lamp?", ["red", "blue"], Settings, TestEnd));
    }

    [Theory]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":2,"relevance_score":0.5}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":"high"}]}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("[]")]
    [InlineData("""{"results":""")]
    [InlineData("<html></html>")]
    public async Task Half_an_answer_is_none(string answer)
    {
        _upstream.Answer("/v1/rerank", answer);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => Reranker.RerankAsync(ModelId, "Which lamp?", ["red", "blue"], Settings, TestEnd));

        Assert.Equal(ProviderErrorKind.UnexpectedFormat, failure.Kind);
    }

    [Theory]
    [InlineData(401, ProviderErrorKind.Unauthorized)]
    [InlineData(429, ProviderErrorKind.RateLimited)]
    [InlineData(500, ProviderErrorKind.ServiceFailed)]
    [InlineData(404, ProviderErrorKind.EndpointNotFound)]
    public async Task Each_refusal_has_its_kind(int status, ProviderErrorKind kind)
    {
        _upstream.Answer("/v1/rerank", """{"error":{"message":"no"}}""", status: status);

        Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(() => Reranker.RerankAsync(ModelId, "Which lamp?", ["red"], Settings, TestEnd))).Kind);
    }

    protected override SettingsValues? Stalled() => At($"http://{_silentPort.LocalEndpoint}/v1");

    private static SettingsValues At(string address) => new(new Dictionary<string, string> { ["address"] = address });
}
