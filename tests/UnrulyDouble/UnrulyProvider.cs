using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.UnrulyDouble;

/// <summary>A source of one model that does what the last message says.</summary>
public sealed class UnrulyProvider : IModelProvider, IEmbeddingProvider, IAsyncDisposable
{
    /// <summary>The provider, and its model.</summary>
    public const string ProviderId = "unruly", ModelId = "unruly";

    private readonly PluginContext _context;
    private readonly IPluginHttp _http;
    private readonly IChildProcesses _processes;

    /// <summary>Called by the container.</summary>
    public UnrulyProvider(PluginContext context, IPluginHttp http, IChildProcesses processes)
    {
        Misdeed.At("start");
        (_context, _http, _processes) = (context, http, processes);
    }

    /// <inheritdoc/>
    public string Id => ProviderId;

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } =
        [new SettingField("address", SettingKind.Address, Required: false, null, [], double.MinValue, double.MaxValue, ClearsSecrets: false)];

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelInfo>>([new ModelInfo(ModelId, "Unruly")]);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings)
    {
        if (modelId == "health")
        {
            Misdeed.At("health");
        }

        return new UnrulyClient(_context, _http, _processes);
    }

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings) => new UnrulyEmbeddings();

    /// <inheritdoc/>
    public Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EmbeddingModelInfo>>([UnrulyEmbeddings.Model]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CountTokensAsync(string modelId, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>?>(modelId == UnrulyEmbeddings.Model.Id ? [.. texts.Select(UnrulyEmbeddings.WordsOf)] : null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Misdeed.AtAsync("stop");
}
