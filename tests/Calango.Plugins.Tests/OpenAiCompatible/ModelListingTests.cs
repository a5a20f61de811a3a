using Calango.Plugins.OpenAiCompatible;
using Calango.Sdk;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class ModelListingTests : ProviderTestBase
{
    [Theory]
    [InlineData("http://h", "http://h/v1")]
    [InlineData("http://h:1234/", "http://h:1234/v1")]
    [InlineData("http://h/v1", "http://h/v1")]
    [InlineData("http://h/v1/", "http://h/v1")]
    [InlineData("https://h/v1/chat/completions", "https://h/v1")]
    [InlineData("https://h/v1/models?x=1#y", "https://h/v1")]
    [InlineData("https://openrouter.ai/api", "https://openrouter.ai/api/v1")]
    [InlineData("https://h/api/paas/v4", "https://h/api/paas/v4")]
    [InlineData("https://h/v1beta/openai/", "https://h/v1beta/openai")]
    public void An_address_is_understood_as_people_paste_it(string pasted, string meant) =>
        Assert.Equal(new Uri(meant), ServiceAddress.Normalize(new Uri(pasted), isVersionedByQuery: false));

    [Fact]
    public void Every_preset_has_the_address_that_requests_go_to() =>
        Assert.All(Provider.Presets, preset =>
            Assert.Equal(preset.Values["address"], ServiceAddress.Normalize(new Uri(preset.Values["address"]), isVersionedByQuery: false).ToString()));

    [Fact]
    public async Task The_standard_list_tells_names_and_no_more()
    {
        Upstream.Models = ["b", "a", "a"];

        Assert.Equal([new ModelInfo("b", "b"), new ModelInfo("a", "a")], await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Fact]
    public async Task OpenRouter_tells_windows_and_prices()
    {
        Upstream.Answer("/v1/models", """
            {"data":[
              {"id":"x/chat","name":"Chat","context_length":131072,"pricing":{"prompt":"0.00000015","completion":"0.0000006"},"top_provider":{"max_completion_tokens":16384},"architecture":{"input_modalities":["text","image"],"output_modalities":["text"]}},
              {"id":"x/auto","name":"Auto","context_length":2000000,"pricing":{"prompt":"-1","completion":"-1"}},
              {"id":"x/painter","name":"Painter","architecture":{"output_modalities":["image"]}}]}
            """);

        Assert.Equal(
            [new ModelInfo("x/chat", "Chat", 131072, 16384, 0.15m, 0.6m) { SeesPictures = true }, new ModelInfo("x/auto", "Auto", 2000000)],
            await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Fact]
    public async Task LiteLlm_tells_windows_prices_and_modes()
    {
        Upstream.Answer("/v1/models", """{"data":[{"id":"gpt","owned_by":"openai"},{"id":"vectors","owned_by":"openai"}]}""");
        Upstream.Answer("/model/info", """
            {"data":[
              {"model_name":"gpt","model_info":{"mode":"chat","max_input_tokens":128000,"max_output_tokens":4096,"input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,"supports_vision":false}},
              {"model_name":"gpt","model_info":{"mode":"chat"}},
              {"model_name":"vectors","model_info":{"mode":"embedding"}}]}
            """);

        Assert.Equal([new ModelInfo("gpt", "gpt", 128000, 4096, 2.5m, 10m) { SeesPictures = false }], await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Fact]
    public async Task Ollama_tells_windows_embedding_models_and_cloud_models()
    {
        Upstream.Answer("/v1/models", """{"data":[{"id":"llama3:8b","owned_by":"library"}]}""");
        Upstream.Answer("/api/ps", """{"models":[]}""");
        Upstream.Answer("/api/show", """{"capabilities":["completion","vision"],"parameters":"stop \"x\"\nnum_ctx                        16384","model_info":{"llama.context_length":131072}}""");

        Assert.Equal([new ModelInfo("llama3:8b", "llama3:8b", 16384, OnPremises: true) { SeesPictures = true }], await Provider.ListModelsAsync(Settings(), TestEnd));

        Upstream.Answer("/api/ps", """{"models":[{"model":"llama3:8b","context_length":4096}]}""");
        Upstream.Answer("/api/show", """{"capabilities":["completion"],"remote_host":"https://ollama.com:443","model_info":{"llama.context_length":131072}}""");
        Assert.Equal([new ModelInfo("llama3:8b", "llama3:8b", 4096) { SeesPictures = false }], await Provider.ListModelsAsync(Settings(), TestEnd));

        Upstream.Answer("/api/show", """{"capabilities":["embedding"]}""");
        Assert.Empty(await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Fact]
    public async Task Local_servers_tell_their_windows()
    {
        Upstream.Answer("/v1/models", """{"data":[{"id":"m","owned_by":"llamacpp","meta":{"n_ctx_train":131072}}]}""");
        Upstream.Answer("/props", """{"default_generation_settings":{"n_ctx":8192},"modalities":{"vision":true,"audio":false}}""");
        Assert.Equal([new ModelInfo("m", "m", 8192, OnPremises: true) { SeesPictures = true }], await Provider.ListModelsAsync(Settings(), TestEnd));

        Upstream.Answer("/v1/models", """{"data":[{"id":"m","owned_by":"vllm","max_model_len":32768}]}""");
        Assert.Equal([new ModelInfo("m", "m", 32768, OnPremises: true)], await Provider.ListModelsAsync(Settings(), TestEnd));

        Upstream.Answer("/v1/models", """{"data":[{"id":"m","owned_by":"organization_owner"},{"id":"v","owned_by":"organization_owner"}]}""");
        Upstream.Answer("/api/v0/models", """{"data":[{"id":"m","type":"vlm","max_context_length":65536},{"id":"v","type":"embeddings"}]}""");
        Assert.Equal([new ModelInfo("m", "m", 65536, OnPremises: true) { SeesPictures = true }], await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Fact]
    public async Task A_service_that_tells_nothing_more_still_lists()
    {
        Upstream.Answer("/v1/models", """{"data":[{"id":"gpt","owned_by":"openai"},{"id":"text-embedding-3-small","owned_by":"openai"}]}""");

        Assert.Equal([new ModelInfo("gpt", "gpt")], await Provider.ListModelsAsync(Settings(), TestEnd));
    }

    [Theory]
    [InlineData(401, "application/json", "{}", ProviderErrorKind.Unauthorized)]
    [InlineData(402, "application/json", "{}", ProviderErrorKind.PaymentRequired)]
    [InlineData(403, "text/html", "<html>", ProviderErrorKind.Forbidden)]
    [InlineData(404, "text/html", "<html>", ProviderErrorKind.EndpointNotFound)]
    [InlineData(405, "application/json", "{}", ProviderErrorKind.EndpointNotFound)]
    [InlineData(302, "text/html", "", ProviderErrorKind.EndpointNotFound)]
    [InlineData(500, "text/plain", "oops", ProviderErrorKind.ServiceFailed)]
    [InlineData(200, "text/html", "<html>", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "application/json", """{"hello":1}""", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "application/json", """{"error":"Unexpected endpoint or method. (GET /v1/models)"}""", ProviderErrorKind.EndpointNotFound)]
    public async Task The_test_of_a_connection_says_what_is_wrong(int status, string type, string body, ProviderErrorKind kind)
    {
        Upstream.Answer("/v1/models", body, type, status);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => Provider.ListModelsAsync(Settings(), TestEnd));

        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData("address", "ftp://h")]
    [InlineData("address", "not an address")]
    [InlineData("apiKey", "two words")]
    [InlineData("apiKey", "schlüssel")]
    public void A_setting_of_the_wrong_form_is_named(string name, string value)
    {
        var failure = Assert.Throws<ProviderException>(() => Provider.Connect("fake", Settings((name, value))));

        Assert.Equal((ProviderErrorKind.InvalidSettings, name), (failure.Kind, failure.ServiceMessage));
    }

    [Fact]
    public async Task An_endless_list_is_cut()
    {
        Upstream.Answer("/v1/models", new string(' ', 65 * 1024 * 1024));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => Provider.ListModelsAsync(Settings(), TestEnd));

        Assert.Equal(ProviderErrorKind.StreamTooLarge, failure.Kind);
    }

    [Fact]
    public async Task Embedders_are_known_by_what_the_service_says_or_by_their_names()
    {
        Upstream.Answer("/v1/models", """
            {"data":[
              {"id":"gpt"},
              {"id":"text-embedding-3-small"},
              {"id":"BAAI/bge-m3"},
              {"id":"nomic-embed-text:latest","name":"Nomic"},
              {"id":"acme/embed-9","max_model_len":1000},
              {"id":"vectors","type":"embedding"},
              {"id":"bge-m33"}]}
            """);

        var models = await Provider.ListEmbeddingModelsAsync(Settings(), TestEnd);

        Assert.Equal(
            [
                ("text-embedding-3-small", "text-embedding-3-small", 6141, 1536, ""),
                ("BAAI/bge-m3", "BAAI/bge-m3", 6144, 1024, ""),
                ("nomic-embed-text:latest", "Nomic", 1536, 768, "en"),
                ("acme/embed-9", "acme/embed-9", 750, 0, ""),
                ("vectors", "vectors", 0, 0, ""),
            ],
            models.Select(model => (model.Id, model.Name, model.WindowTokens, model.Dimensions, string.Join(' ', model.Languages))));
    }

    [Fact]
    public async Task Ollama_tells_which_of_its_models_embed()
    {
        Upstream.Answer("/v1/models", """{"data":[{"id":"mine","owned_by":"library"}]}""");
        Upstream.Answer("/api/show", """{"capabilities":["embedding"],"model_info":{"bert.context_length":512}}""");

        Assert.Equal(("mine", 384, true), Assert.Single((await Provider.ListEmbeddingModelsAsync(Settings(), TestEnd)).Select(model => (model.Id, model.WindowTokens, model.OnPremises))));
        Assert.Empty(await Provider.ListModelsAsync(Settings(), TestEnd));
    }
}
