using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>What one connection needs.</summary>
public sealed record AnthropicSettings
{
    /// <summary>The service's own address.</summary>
    public const string DefaultAddress = "https://api.anthropic.com";

    /// <summary>The service's base address, with or without its version.</summary>
    [Setting(SettingKind.Address, Required = true, ClearsSecrets = true, Default = DefaultAddress)]
    public Uri? Address { get; set; }

    /// <summary>Sent as a bearer token; absent for a gateway that asks for none.</summary>
    [Setting(SettingKind.Secret)]
    public string? ApiKey { get; set; }
}
