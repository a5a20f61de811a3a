using System.Text;
using Calango.Plugins.OpenAiCompatible;
using Calango.Plugins.Tests.OpenAiCompatible;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Conformance;

/// <summary>What another author's tests have in the place of the server's HTTP: with it, too, a provider passes the whole suite.</summary>
public sealed class TestHttpTests : OpenAiCompatibleConformanceTests
{
    private readonly TestHttp _http = new();

    protected override IModelProvider Provider => new OpenAiCompatibleProvider(_http);

    [Fact]
    public async Task A_page_is_read_and_what_is_wrong_with_one_has_its_kind()
    {
        await using var site = await ScriptedUpstream.StartAsync();
        site.Answer("/page", "<p>ação</p>", "text/html; charset=utf-8");
        site.Answer("/gone", "", "text/html", 404);
        var limits = new WebLimits(1000, TimeSpan.FromSeconds(30));

        var page = await _http.ReadPublicAsync(At("/page"), limits, TestContext.Current.CancellationToken);

        Assert.Equal(("text/html", "utf-8", "<p>ação</p>"), (page.MediaType, page.Charset, Encoding.UTF8.GetString(page.Body)));
        Assert.Equal(ProviderErrorKind.EndpointNotFound, await FailureAsync("/gone", limits));
        Assert.Equal(ProviderErrorKind.StreamTooLarge, await FailureAsync("/page", limits with { MaxBytes = 3 }));

        Uri At(string path) => new($"http://{site.Address.Authority}{path}");

        async Task<ProviderErrorKind> FailureAsync(string path, WebLimits under) =>
            (await Assert.ThrowsAsync<ProviderException>(() => _http.ReadPublicAsync(At(path), under, TestContext.Current.CancellationToken))).Kind;
    }
}
