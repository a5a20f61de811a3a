using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Anthropic;

/// <summary>Lists and connects the models of one service, over the official Anthropic SDK.</summary>
public sealed class AnthropicProvider(IPluginHttp http) : IModelProvider
{
    private readonly HttpClient _streams = http.CreateClient(new HttpLimits());

    // A list of models is one line of JSON, longer than any line of a stream may be: only its whole is limited.
    private readonly HttpClient _bodies = http.CreateClient(new HttpLimits(MaxLineBytes: int.MaxValue));

    private readonly OutputLimits _limits = new();

    /// <inheritdoc/>
    public string Id => "anthropic";

    /// <inheritdoc/>
    public bool CallsTools => true;

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<AnthropicSettings>();

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } =
    [
        new("anthropic", "Anthropic", new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = AnthropicSettings.DefaultAddress }),
    ];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        new ModelListing(Service.From(settings), _bodies).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings) =>
        new AnthropicChatClient(Service.From(settings), modelId, _limits, _streams);
}
