using System.Text.Json;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.CountingDouble;

/// <summary>A source of one model that counts, and one that only this version has.</summary>
public sealed class CountingProvider(PluginContext context) : IModelProvider
{
    /// <summary>The provider, and its model.</summary>
    public const string ProviderId = "counting", ModelId = "counter";

    private readonly string _version = VersionIn(context.InstallFolder);

    /// <inheritdoc/>
    public string Id => ProviderId;

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelInfo>>([new ModelInfo(ModelId, "Counter"), new ModelInfo($"only-{_version}", "Only here")]);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings) => new CountingClient(_version);

    internal static string VersionIn(string folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "plugin.json")));
        return manifest.RootElement.GetProperty("version").GetString()!;
    }
}
