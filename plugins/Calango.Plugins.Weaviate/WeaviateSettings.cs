using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>Which server, and who asks.</summary>
public sealed record WeaviateSettings
{
    /// <summary>Where it answers.</summary>
    [Setting(SettingKind.Address, Required = true, ClearsSecrets = true)]
    public Uri? Address { get; set; }

    /// <summary>The key; null: it asks for none.</summary>
    [Setting(SettingKind.Secret)]
    public string? ApiKey { get; set; }

    /// <summary>What the names of its collections begin with.</summary>
    [Setting(SettingKind.Text, Required = true, Default = "Calango")]
    public string Prefix { get; set; } = "Calango";

    /// <summary>Whether words are compared there, too.</summary>
    [Setting(SettingKind.Toggle, Default = "false")]
    public bool Hybrid { get; set; }

    // It would print the secret.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Address);
        return true;
    }
}
