using System.Net.Http.Headers;
using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>Which project of which Langfuse.</summary>
public sealed record LangfuseSettings
{
    private const string Endpoint = "/api/public/otel", Traces = "/v1/traces";

    /// <summary>Where Langfuse answers; the address of its OTLP endpoint is understood, too.</summary>
    [Setting(SettingKind.Address, Required = true, ClearsSecrets = true, Default = "https://cloud.langfuse.com")]
    public Uri? Address { get; set; }

    /// <summary>Names the project.</summary>
    [Setting(SettingKind.Text, Required = true)]
    public string? PublicKey { get; set; }

    /// <summary>Opens it.</summary>
    [Setting(SettingKind.Secret, Required = true)]
    public string? SecretKey { get; set; }

    /// <summary>Where traces are sent.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: there is no address.</exception>
    internal Uri TracesAddress()
    {
        if (Address is not { Scheme: "http" or "https" })
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings, "address");
        }

        var path = Without(Without(Address.AbsolutePath.TrimEnd('/'), Traces), Endpoint);
        return new Uri(Address.GetLeftPart(UriPartial.Authority) + path + Endpoint + Traces);
    }

    /// <summary>Where scores are sent.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: there is no address.</exception>
    internal Uri ScoresAddress() => new(TracesAddress().AbsoluteUri.Replace(Endpoint + Traces, "/api/public/scores", StringComparison.Ordinal));

    /// <summary>What is sent to be let in.</summary>
    internal AuthenticationHeaderValue Authorization() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{PublicKey}:{SecretKey}")));

    // It would print the key.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Address);
        return true;
    }

    private static string Without(string path, string end) => path.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? path[..^end.Length] : path;
}
