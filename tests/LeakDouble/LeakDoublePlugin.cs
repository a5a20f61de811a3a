using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.LeakDouble;

/// <summary>The entry point.</summary>
public sealed class LeakDoublePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.AddModelProvider<LeakyProvider>();
}

/// <summary>A source of models each of which does what its name says as soon as it is connected.</summary>
public sealed class LeakyProvider : IModelProvider
{
    /// <inheritdoc/>
    public string Id => "leaky";

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelInfo>>([.. Leaks.All.Keys.Select(name => new ModelInfo(name, name))]);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings)
    {
        Leaks.All[modelId]();
        throw new ProviderException(ProviderErrorKind.ModelNotFound);
    }
}
