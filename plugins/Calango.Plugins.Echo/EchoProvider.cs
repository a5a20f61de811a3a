using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Echo;

/// <summary>
/// A source of models. The host calls one instance from many threads and for many connections: whatever belongs to a
/// connection comes in with its settings, and nothing of it is kept here.
/// </summary>
public sealed class EchoProvider : IModelProvider
{
    /// <inheritdoc/>
    public string Id => "echo";

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<EchoSettings>();

    /// <inheritdoc/>
    public IReadOnlyList<ProviderPreset> Presets { get; } = [new("echo", "Echo", new Dictionary<string, string>(StringComparer.Ordinal))];

    // A real provider asks its service here, with the token forwarded, and throws a ProviderException that says what is
    // wrong: this is also the Test button.
    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelInfo>>([new ModelInfo("echo", "Echo", ContextTokens: 8192, OnPremises: true)]);

    /// <inheritdoc/>
    public IChatClient Connect(string modelId, SettingsValues settings) => new EchoChatClient(modelId, SettingsSchema.Bind<EchoSettings>(settings));
}
