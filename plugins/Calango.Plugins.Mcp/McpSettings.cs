using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>Which server. One that is a program of this machine is started with the rights of Calango itself: only an administrator says which.</summary>
public sealed record McpSettings
{
    /// <summary>How it is reached.</summary>
    [Setting(SettingKind.Choice, Choices = ["http", "stdio"], Default = "http")]
    public string Transport { get; set; } = "http";

    /// <summary>Where it answers, over streamable HTTP.</summary>
    [Setting(SettingKind.Address, ClearsSecrets = true)]
    public Uri? Address { get; set; }

    /// <summary>Sent as a bearer token.</summary>
    [Setting(SettingKind.Secret, Level = SettingLevel.Either)]
    public string? Token { get; set; }

    /// <summary>The program: a path, or a name that is looked for in PATH.</summary>
    [Setting(SettingKind.Text, ClearsSecrets = true)]
    public string? Command { get; set; }

    /// <summary>What it is started with; quotes keep words together.</summary>
    [Setting(SettingKind.Text)]
    public string? Arguments { get; set; }

    /// <summary>Its variables, as <c>NAME=value</c>, with spaces between them; quotes keep words together.</summary>
    [Setting(SettingKind.Secret)]
    public string? Environment { get; set; }

    // It would print the secrets.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Transport);
        return true;
    }
}
