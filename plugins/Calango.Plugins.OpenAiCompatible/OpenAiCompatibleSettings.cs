using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>What one connection needs.</summary>
public sealed record OpenAiCompatibleSettings
{
    /// <summary>The service's base address, in any form that <see cref="ServiceAddress"/> understands.</summary>
    [Setting(SettingKind.Address, Required = true, ClearsSecrets = true, Default = "https://api.openai.com/v1")]
    public Uri? Address { get; set; }

    /// <summary>Sent as a bearer token; absent for a server that asks for none.</summary>
    [Setting(SettingKind.Secret)]
    public string? ApiKey { get; set; }

    /// <summary>OpenAI's organization header.</summary>
    [Setting(SettingKind.Text)]
    public string? Organization { get; set; }

    /// <summary>Azure's <c>api-version</c>; with it the key goes into Azure's own header as well.</summary>
    [Setting(SettingKind.Text)]
    public string? ApiVersion { get; set; }
}
