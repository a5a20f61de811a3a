using Calango.Core.Models;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Models;

public sealed class ModelCatalogTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_broken_connection_hides_no_other()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(new Uri("http://127.0.0.1:1/v1"), name: "Broken"), None);
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address, name: "Works"), None);
        var catalog = kernel.Get<ModelCatalog>();

        await catalog.RefreshAsync(null, None);

        Assert.Equal(["Works"], (await catalog.ListAsync(None)).Select(model => model.ConnectionName));
        var stands = await catalog.ConnectionsAsync(None);
        Assert.Equal(["provider.unreachable", null], stands.Select(connection => connection.Failure?.Code));
    }

    [Fact]
    public async Task A_model_that_vanished_is_gone_and_one_that_cannot_be_listed_is_not()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var works = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var broken = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(new Uri("http://127.0.0.1:1/v1")), None);
        var catalog = kernel.Get<ModelCatalog>();

        Assert.Null(await catalog.FindAsync(new ModelRef(works.Id, "no-longer"), None));
        Assert.Null(await catalog.FindAsync(new ModelRef(Guid.CreateVersion7(), "fake"), None));
        Assert.Equal("said-to-be", (await catalog.FindAsync(new ModelRef(broken.Id, "said-to-be"), None))?.Name);
        var gone = await Assert.ThrowsAsync<ProviderException>(() => catalog.ConnectAsync(new ModelRef(works.Id, "no-longer"), Inputs.Caller, None));
        Assert.Equal(ProviderErrorKind.ModelNotFound, gone.Kind);
    }

    [Fact]
    public async Task A_model_added_at_the_service_is_found_by_its_name_at_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var catalog = kernel.Get<ModelCatalog>();
        await catalog.RefreshAsync(null, None);
        upstream.Models = ["fake", "newer"];

        Assert.Null(catalog.Find(new ModelRef(connection.Id, "newer")));
        Assert.NotNull(await catalog.FindAsync(new ModelRef(connection.Id, "newer"), None));
    }

    [Fact]
    public async Task Models_known_before_stay_choosable_while_the_service_is_down()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var catalog = kernel.Get<ModelCatalog>();
        await catalog.RefreshAsync(null, None);

        upstream.Answer("/v1/models", "{}", status: 500);
        await catalog.RefreshAsync(null, None);

        Assert.Equal("fake", Assert.Single(await catalog.ListAsync(None)).Name);
        Assert.NotNull(Assert.Single(await catalog.ConnectionsAsync(None)).Failure);
    }

    [Fact]
    public async Task A_client_is_kept_between_turns_and_made_anew_after_an_edit()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var model = new ModelRef(connection.Id, "fake");

        var first = await ClientOfAsync(kernel, model);
        Assert.Same(first, await ClientOfAsync(kernel, model));

        await kernel.Get<Connections>().UpdateAsync(connection.Id, Inputs.OpenAi(upstream.Address, "another-key"), None);
        Assert.NotSame(first, await ClientOfAsync(kernel, model));

        await kernel.Get<Connections>().RemoveAsync(connection.Id, None);
        await Assert.ThrowsAsync<ProviderException>(() => ClientOfAsync(kernel, model));
    }

    [EachDatabase]
    public async Task A_persons_own_price_and_window_count_more_than_the_services(DatabaseKind database)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync(database);
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var model = new ModelRef(connection.Id, "fake");
        var (catalog, prices) = (kernel.Get<ModelCatalog>(), kernel.Get<ModelPrices>());
        await catalog.RefreshAsync(null, None);

        await prices.SetAsync(model, 0.15m, 0.6m, 4096, None);
        var priced = await catalog.FindAsync(model, None);
        Assert.Equal((0.15m, 0.6m, 4096), (priced!.InputPrice, priced.OutputPrice, priced.ContextTokens));

        await prices.SetAsync(model, 2m, null, null, None);
        Assert.Null((await catalog.FindAsync(model, None))!.OutputPrice);
        await prices.ClearAsync(model, None);
        Assert.Null((await catalog.FindAsync(model, None))!.InputPrice);

        await prices.SetAsync(model, 2m, null, null, None);
        await kernel.Get<Connections>().RemoveAsync(connection.Id, None);
        await Assert.ThrowsAsync<InvalidInputException>(() => prices.SetAsync(model, 2m, null, null, None));
    }

    private static async Task<object> ClientOfAsync(TestKernel kernel, ModelRef model)
    {
        await using var lease = await kernel.Get<ModelCatalog>().ConnectAsync(model, Inputs.Caller, None);
        return lease.Client;
    }
}
