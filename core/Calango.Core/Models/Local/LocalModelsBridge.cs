using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Models;

/// <summary>Joins the plugin that runs local models with the provider that speaks to them.</summary>
internal sealed class LocalModelsBridge(PluginHost plugins)
{
    /// <summary>The provider id of the connection to the models of this machine.</summary>
    public const string ProviderId = "local-models";

    private const string SpokenBy = "openai-compatible";

    /// <summary>A connection to local models needs no settings.</summary>
    public static readonly ProviderInfo Info = new(ProviderId, ProviderId, [], []) { Embeds = true };

    public async Task<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken)
    {
        using var plugin = Lease();
        var models = await plugin.Generation.LocalModels!.ListAsync(cancellationToken);
        return [.. models.Where(model => model is { State: LocalModelState.Installed, Purpose: LocalModelPurpose.Chat })
            .Select(model => new ModelInfo(model.Id, model.Name, model.ContextTokens, OnPremises: true) { SeesPictures = false })];
    }

    /// <summary>Starts a model if it doesn't run. What is returned keeps it running and both plugins loaded.</summary>
    public async Task<(IChatClient Client, Func<ValueTask> Release)> ConnectAsync(string modelId, int? contextTokens, Guid? turnId, CancellationToken cancellationToken)
    {
        var plugin = Lease(turnId);
        var speaker = plugins.LeaseProvider(SpokenBy, turnId);
        ILocalEndpoint? endpoint = null;
        try
        {
            endpoint = await plugin.Generation.LocalModels!.AcquireAsync(modelId, contextTokens, cancellationToken);
            var client = await (speaker ?? throw PluginFault.NotServing(SpokenBy)).Provider(SpokenBy).ConnectAsync(modelId, new SettingsValues(new Dictionary<string, string>
            {
                ["address"] = endpoint.Address.AbsoluteUri,
                ["apiKey"] = endpoint.Key,
            }), cancellationToken);
            return (client, ReleaseAsync);
        }
        catch
        {
            await ReleaseAsync();
            throw;
        }

        async ValueTask ReleaseAsync()
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }

            speaker?.Dispose();
            plugin.Dispose();
        }
    }

    private PluginLease Lease(Guid? turnId = null) => plugins.LeaseLocalModels(turnId) ?? throw PluginFault.NotServing(ProviderId);
}
