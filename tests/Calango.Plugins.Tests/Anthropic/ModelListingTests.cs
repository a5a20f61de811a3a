using Calango.Sdk;

namespace Calango.Plugins.Tests.Anthropic;

public sealed class ModelListingTests : ProviderTestBase
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/models?limit=20")]
    public async Task An_address_is_understood_as_people_paste_it(string path)
    {
        await Provider.ListModelsAsync(Settings(("address", $"{Upstream.Address.GetLeftPart(UriPartial.Authority)}{path}")), TestEnd);

        Assert.Equal("/v1/models", Assert.Single(Upstream.AllRequests).Path);
    }

    [Fact]
    public async Task A_gateways_own_path_is_kept()
    {
        Upstream.Answer("/anthropic/v1/models", """{"data":[{"id":"a"}]}""");

        Assert.Equal([new ModelInfo("a", "a")], await Provider.ListModelsAsync(Settings(("address", new Uri(Upstream.Address, "/anthropic").ToString())), TestEnd));
    }

    [Fact]
    public async Task The_service_tells_names_windows_and_the_longest_answer()
    {
        Upstream.Answer("/v1/models", """
            {"data":[
              {"type":"model","id":"claude-x","display_name":"Claude X","created_at":"2026-01-01T00:00:00Z","max_input_tokens":200000,"max_tokens":64000},
              {"type":"model","id":"claude-y","display_name":"Claude Y","created_at":"2026-01-01T00:00:00Z","max_input_tokens":null,"max_tokens":0},
              {"id":"claude-z"},
              {"id":"claude-z"}],
             "has_more":false,"first_id":"claude-x","last_id":"claude-z"}
            """);

        Assert.Equal(
            [new ModelInfo("claude-x", "Claude X", 200000, 64000), new ModelInfo("claude-y", "Claude Y"), new ModelInfo("claude-z", "claude-z")],
            await Provider.ListModelsAsync(Settings(), TestEnd));
        Assert.Equal("?limit=1000", Assert.Single(Upstream.AllRequests).Query);
    }

    [Theory]
    [InlineData(401, "application/json", "{}", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "text/html", "<html>", ProviderErrorKind.Forbidden)]
    [InlineData(404, "text/html", "<html>", ProviderErrorKind.EndpointNotFound)]
    [InlineData(405, "application/json", "{}", ProviderErrorKind.EndpointNotFound)]
    [InlineData(302, "text/html", "", ProviderErrorKind.EndpointNotFound)]
    [InlineData(500, "text/plain", "oops", ProviderErrorKind.ServiceFailed)]
    [InlineData(200, "text/html", "<html>", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "text/plain", "hello", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "application/json", """{"hello":1}""", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "application/json", """{"data":[{"name":"x"}]}""", ProviderErrorKind.UnexpectedFormat)]
    [InlineData(200, "application/json", """["hello"]""", ProviderErrorKind.UnexpectedFormat)]
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
}
