using Calango.Core.Models;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Models;

public sealed class ModelDiscoveryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    // A loaded test machine is slower than a person's: the limit is not what these tests are about.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("Ollama", "ollama", 2, "/api/version", """{"version":"0.12.0"}""", "/api/tags", """{"models":[{"name":"a"},{"name":"b"}]}""")]
    [InlineData("LM Studio", "lm-studio", 1, "/api/v0/models", """{"object":"list","data":[{"id":"a","type":"llm"}]}""", "", "")]
    [InlineData("llama-server", "llama-cpp", 1, "/props", """{"default_generation_settings":{"n_ctx":4096},"total_slots":1}""", "", "")]
    [InlineData("LocalAI", "", 1, "/system", """{"backends":["llama-cpp"],"loaded_models":[]}""", "", "")]
    [InlineData("LiteLLM", "litellm", 1, "/health/liveliness", "\"I'm alive!\"", "", "")]
    [InlineData("Jan", "", 1, "/openapi.json", """{"openapi":"3.1.0","info":{"title":"👋Jan API"}}""", "", "")]
    [InlineData("vLLM", "vllm", 1, "/v1/models", """{"object":"list","data":[{"id":"a","object":"model","owned_by":"vllm"}]}""", "", "")]
    [InlineData("OpenAI-compatible", "", 1, "/unrelated", "{}", "", "")]
    public async Task A_service_is_known_by_what_it_answers(
        string name, string preset, int models, string path, string body, string secondPath, string secondBody)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Answer(path, body);
        if (secondPath.Length > 0)
        {
            upstream.Answer(secondPath, secondBody);
        }

        var found = Assert.Single(await Discovery([upstream.Address.Port]).FindAsync(None));

        Assert.Equal((name, preset, models, (string?)null), (found.Name, found.PresetId, found.ModelCount ?? -1, found.NamedBy));
        Assert.Equal(upstream.Address, found.Address);
    }

    [Fact]
    public async Task A_web_server_that_has_no_models_is_left_alone()
    {
        await using var page = await ScriptedUpstream.StartAsync();
        page.Answer("/v1/models", "<!doctype html><title>Shop</title>", "text/html");
        await using var api = await ScriptedUpstream.StartAsync();
        api.Answer("/v1/models", """{"data":"none of your business"}""");
        await using var guarded = await ScriptedUpstream.StartAsync();
        guarded.Answer("/v1/models", """{"error":"sign in"}""", status: 401);

        Assert.Empty(await Discovery([page.Address.Port, api.Address.Port, guarded.Address.Port, 1]).FindAsync(None));
    }

    [Fact]
    public async Task A_known_service_that_wants_a_key_is_offered_and_says_so()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Answer("/v1/models", """{"error":{"message":"Authentication Error","type":"auth_error"}}""", status: 401);
        upstream.Answer("/health/liveliness", "\"I'm alive!\"");
        var found = Assert.Single(await Discovery([upstream.Address.Port]).FindAsync(None));
        Assert.Equal(("LiteLLM", true, (int?)null), (found.Name, found.NeedsKey, found.ModelCount));
    }

    [Fact]
    public async Task What_the_operator_names_comes_first_with_its_key()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Key = "sk-from-operator";
        await using var other = await ScriptedUpstream.StartAsync();
        var discovery = new ModelDiscovery(
            new DiscoveryOptions
            {
                Ports = [other.Address.Port],
                OpenAi = new NamedService(upstream.Address.AbsoluteUri, "OPENAI_BASE_URL"),
                OpenAiKey = "sk-from-operator",
                Limit = Patience,
            },
            TimeProvider.System);

        var found = await discovery.FindAsync(None);

        Assert.Equal([upstream.Address, other.Address], found.Select(service => service.Address));
        Assert.Equal(("OPENAI_BASE_URL", 1), (found[0].NamedBy, found[0].ModelCount));
        Assert.Equal("sk-from-operator", discovery.InputFor(found[0]).Values["apiKey"]);
        Assert.Null(discovery.InputFor(found[1]).Values["apiKey"]);
    }

    [Theory]
    [InlineData("0.0.0.0:{0}")]
    [InlineData(":{0}")]
    [InlineData("http://127.0.0.1:{0}/")]
    public async Task OLLAMA_HOST_is_read_in_each_of_its_forms(string form)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Answer("/api/version", """{"version":"0.12.0"}""");
        upstream.Answer("/api/tags", """{"models":[]}""");
        var host = form.Replace("{0}", upstream.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var found = Assert.Single(await Discovery([], new NamedService(host, "OLLAMA_HOST")).FindAsync(None));
        Assert.Equal(("Ollama", upstream.Address, "OLLAMA_HOST"), (found.Name, found.Address, found.NamedBy));
    }

    private static ModelDiscovery Discovery(int[] ports, NamedService? ollama = null) =>
        new(new DiscoveryOptions { Ports = ports, Ollama = ollama, Limit = Patience }, TimeProvider.System);
}
