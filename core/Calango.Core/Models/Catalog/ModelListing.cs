using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Asks a connection's service for its models, within a time limit.</summary>
internal sealed class ModelListing(PluginHost plugins, LocalModelsBridge localModels, ConnectionSecrets secrets, TimeProvider clock)
{
    private const int MostSeconds = 15;

    /// <summary>Its models, or why there are none.</summary>
    public async Task<ConnectionTest> TryAsync(Connection connection, CancellationToken cancellationToken)
    {
        var host = HostOf(connection);
        try
        {
            return new ConnectionTest(Usable(await ListAsync(connection, cancellationToken)), null);
        }
        catch (ProviderException exception)
        {
            return new ConnectionTest([], ProviderFailures.ToFailure(exception, host));
        }
        catch (PluginFault fault)
        {
            return new ConnectionTest([], ProviderFailures.ToFailure(fault, host));
        }
    }

    /// <summary>What people call the place that a connection reaches: its host, or its name where it has no address.</summary>
    public string HostOf(Connection connection) =>
        plugins.FindProvider(connection.ProviderId)?.Settings.FirstOrDefault(field => field.Kind == SettingKind.Address) is { } field
        && Uri.TryCreate(connection.Settings.GetValueOrDefault(field.Name) ?? field.Default, UriKind.Absolute, out var address)
            ? address.Authority
            : connection.Name;

    private async Task<IReadOnlyList<ModelInfo>> ListAsync(Connection connection, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(connection.Limits.FirstTokenSeconds, MostSeconds)), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (connection.ProviderId == LocalModelsBridge.ProviderId)
            {
                return await localModels.ListAsync(either.Token);
            }

            using var plugin = plugins.LeaseProvider(connection.ProviderId) ?? throw PluginFault.NotServing(connection.ProviderId);
            return await plugin.Provider(connection.ProviderId).ListModelsAsync(secrets.Reveal(connection), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderErrorKind.TimedOut);
        }
    }

    // A name that doesn't fit could not be stored with a turn.
    private static List<ModelInfo> Usable(IReadOnlyList<ModelInfo> models) =>
        [.. models.Where(model => model.Id.Length is > 0 and <= ModelRef.MaxModelIdLength).DistinctBy(model => model.Id)];
}
