using Calango.Sdk;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Tests.LibraryDouble;

/// <summary>The entry point.</summary>
public sealed class LibraryDoublePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin)
    {
        plugin.Services.AddSingleton<Libraries>();
        plugin.Services.AddTransient<Passing>();
        plugin.Services.AddHttpClient("own").AddHttpMessageHandler<Passing>();
        plugin.AddModelProvider<LibraryProvider>();
    }
}

/// <summary>A source of models each of which uses the library of its name as soon as it is connected.</summary>
public sealed class LibraryProvider(Libraries libraries) : IModelProvider
{
    /// <inheritdoc/>
    public string Id => "libraries";

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelInfo>>([]);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings)
    {
        libraries.Use(modelId, settings);
        throw new ProviderException(ProviderErrorKind.ModelNotFound);
    }
}
