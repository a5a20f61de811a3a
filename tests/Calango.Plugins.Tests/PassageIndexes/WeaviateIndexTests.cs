using Calango.Core.Plugins;
using Calango.Plugins.Weaviate;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.Weaviate;

namespace Calango.Plugins.Tests.PassageIndexes;

public sealed class WeaviateIndexTests : PassageIndexConformance, IAsyncLifetime
{
    private readonly PluginHttp _http = new();
    private WeaviateServer _server = null!;
    private WeaviateServer _silent = null!;

    protected override IPassageIndex Index => new WeaviateIndex(_http);

    protected override SettingsValues Place => new(_server.Settings);

    public async ValueTask InitializeAsync()
    {
        (_server, _silent) = (await WeaviateServer.StartAsync(), await WeaviateServer.StartAsync());
        _silent.IsSilent = true;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _silent.DisposeAsync();
    }

    [Fact]
    public async Task Every_request_is_as_weaviate_describes_it()
    {
        Assert.SkipWhen(WeaviateDescription.File is null, "Weaviate's description is not here: CALANGO_TEST_DATA names no folder.");
        var description = WeaviateDescription.Read();
        var faults = new List<string>();
        _server.Check = (method, path, query, body) => faults.AddRange(description.Faults(method, path, query, body));
        var hybrid = With("hybrid", "true");
        var space = await NewSpaceAsync();
        var vectors = Random(3);
        vectors[0] = vectors[0] with { Words = "harbour" };

        await Index.CheckAsync(Place, TestEnd);
        await Index.EnsureAsync(NewSpace() with { Tenant = "another" }, Place, TestEnd);
        await Index.UpsertAsync(space, vectors, hybrid, TestEnd);
        await FindAsync(space, new IndexQuery(Unit(1), 2));
        await FindAsync(space, new IndexQuery(Unit(1), 2) { Passages = [vectors[0].Passage] });
        await Index.SearchAsync(space, new IndexQuery(Unit(1), 2) { Words = "harbour", Alpha = 0.3 }, hybrid, TestEnd);
        await Index.DeleteAsync(space, [vectors[0].Edition], Place, TestEnd);

        Assert.Empty(faults);
        Assert.Superset(
            new HashSet<string> { "GET /schema", "POST /schema", "POST /batch/objects", "DELETE /batch/objects", "POST /graphql", "GET /.well-known/ready" }, _server.Asked.ToHashSet());
    }

    [Fact]
    public async Task Each_owner_has_a_tenant_of_their_own()
    {
        var space = await NewSpaceAsync();
        var another = space with { Tenant = "another" };
        await Index.EnsureAsync(another, Place, TestEnd);

        await PutAsync(space, Random(2));
        await PutAsync(another, Random(3));

        Assert.Equal(2, _server.Tenants[space.Tenant]);
        Assert.Equal(3, _server.Tenants["another"]);
    }

    [Fact]
    public async Task More_than_one_call_deletes_is_deleted_in_several()
    {
        _server.DeletionLimit = 100;
        var space = await NewSpaceAsync();
        var vectors = Random(350);
        await PutAsync(space, vectors);

        await Index.DeleteAsync(space, [vectors[0].Edition], Place, TestEnd);

        Assert.Equal(0, _server.Count);
        Assert.Equal(5, _server.Asked.Count(asked => asked == "DELETE /batch/objects"));
    }

    [Fact]
    public async Task A_failure_inside_of_a_batch_that_was_answered_with_200_is_one()
    {
        var space = await NewSpaceAsync();
        var refused = 0;
        _server.Refuses = _ => ++refused == 2;

        var failure = await Assert.ThrowsAsync<ProviderException>(() => PutAsync(space, Random(5)));

        Assert.Equal(ProviderErrorKind.ServiceFailed, failure.Kind);
        Assert.Contains("read-only", failure.ServiceMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_graphql_that_was_answered_with_200_is_one()
    {
        var space = await NewSpaceAsync();
        _server.Says = """{"data":{"Get":null},"errors":[{"message":"shard is not ready"}]}""";

        var failure = await Assert.ThrowsAsync<ProviderException>(() => FindAsync(space, new IndexQuery(Unit(1), 5)));

        Assert.Equal("shard is not ready", failure.ServiceMessage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"data":""")]
    [InlineData("""{"data":{"Get":{}}}""")]
    [InlineData("""{"results":{"matches":3}}""")]
    [InlineData("<html>Welcome</html>")]
    public async Task Half_an_answer_and_an_answer_of_something_else_are_no_results(string answer)
    {
        var space = await NewSpaceAsync();
        var vectors = Random(3);
        _server.Says = answer;

        foreach (var call in new Func<Task>[]
        {
            () => Index.CheckAsync(Place, TestEnd),
            () => Index.UpsertAsync(space, vectors, Place, TestEnd),
            () => Index.DeleteAsync(space, [vectors[0].Edition], Place, TestEnd),
            () => FindAsync(space, new IndexQuery(Unit(1), 5)),
        })
        {
            Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await Assert.ThrowsAsync<ProviderException>(call)).Kind);
        }
    }

    [Theory]
    [InlineData(401, ProviderErrorKind.Unauthorized)]
    [InlineData(403, ProviderErrorKind.Forbidden)]
    [InlineData(429, ProviderErrorKind.RateLimited)]
    [InlineData(500, ProviderErrorKind.ServiceFailed)]
    [InlineData(503, ProviderErrorKind.ServiceFailed)]
    [InlineData(302, ProviderErrorKind.EndpointNotFound)]
    public async Task Each_refusal_has_its_kind(int status, ProviderErrorKind kind)
    {
        var space = await NewSpaceAsync();
        var vectors = Random(1);
        _server.Status = status;

        foreach (var call in new Func<Task>[]
        {
            () => Index.CheckAsync(Place, TestEnd),
            () => Index.EnsureAsync(space, Place, TestEnd),
            () => Index.UpsertAsync(space, vectors, Place, TestEnd),
            () => Index.DeleteAsync(space, [vectors[0].Edition], Place, TestEnd),
            () => FindAsync(space, new IndexQuery(Unit(1), 5)),
        })
        {
            Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(call)).Kind);
        }
    }

    [Fact]
    public async Task A_wrong_key_is_said_without_it()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Index.CheckAsync(With("apiKey", "a-wrong-key"), TestEnd));

        Assert.Equal(ProviderErrorKind.Unauthorized, failure.Kind);
        Assert.DoesNotContain("a-wrong-key", failure.ServiceMessage, StringComparison.Ordinal);
        Assert.Contains("invalid api key", failure.ServiceMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prefix", "lower")]
    [InlineData("prefix", "With space")]
    [InlineData("apiKey", "a key")]
    [InlineData("address", "")]
    public async Task A_setting_that_cannot_be_is_named_and_nothing_is_sent(string field, string value)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Index.CheckAsync(With(field, value), TestEnd));

        Assert.Equal((ProviderErrorKind.InvalidSettings, field), (failure.Kind, failure.ServiceMessage));
        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    public async Task An_address_may_end_as_people_write_it(string end) =>
        await Index.CheckAsync(With("address", _server.Settings["address"] + end), TestEnd);

    [Fact]
    public async Task A_connection_that_breaks_within_an_answer_is_said()
    {
        await using var proxy = TcpProxy.To(_server.EndPoint);
        var place = new SettingsValues(WeaviateServer.SettingsAt(proxy.Port));
        var space = await NewSpaceAsync();
        await PutAsync(space, Random(200));
        proxy.BytesPerSecond = 2_000;
        var search = Index.SearchAsync(space, new IndexQuery(Unit(1), 200), place, TestEnd);
        await Eventually.HoldsAsync("it is answering", () => Task.FromResult(_server.Asked.Any(asked => asked == "POST /graphql")), TestEnd);

        proxy.Cut();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => search);
        Assert.Contains(failure.Kind, new[] { ProviderErrorKind.ConnectionLost, ProviderErrorKind.UnexpectedFormat });
    }

    [Fact]
    public async Task Words_name_passages_too_where_that_is_wanted_and_go_nowhere_else()
    {
        var hybrid = With("hybrid", "true");
        var space = await NewSpaceAsync();
        var vectors = Random(50);
        var far = vectors.MinBy(vector => vector.Values.Zip(Unit(1), (left, right) => left * right).Sum())!;
        vectors[Array.IndexOf(vectors, far)] = far with { Words = "lighthous keeper" };
        var sent = new List<string>();
        _server.Check = (_, _, _, body) => sent.Add(body?.ToJsonString() ?? "");
        await Index.UpsertAsync(space, vectors, Place, TestEnd);
        Assert.DoesNotContain(sent, body => body.Contains("lighthous", StringComparison.Ordinal));
        await Index.UpsertAsync(space, vectors, hybrid, TestEnd);

        var question = new IndexQuery(Unit(1), 3) { Words = "lighthous", Alpha = 0.1 };

        Assert.Contains(new NearPassage(far.Passage, null), (await Index.SearchAsync(space, question, hybrid, TestEnd))!);
        Assert.DoesNotContain(far.Passage, (await FindAsync(space, question)).Select(near => near.Passage));
    }

    protected override SettingsValues Unreachable() => With("address", "http://127.0.0.1:1");

    protected override SettingsValues Stalled() => new(_silent.Settings);

    private SettingsValues With(string field, string value) => new(new Dictionary<string, string>(_server.Settings) { [field] = value });
}
