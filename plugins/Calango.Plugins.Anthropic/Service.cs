using System.Text.RegularExpressions;
using Anthropic;
using Anthropic.Core;
using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>The service behind one connection: where it is, how it is spoken to, and the SDK's client for it.</summary>
internal sealed partial class Service
{
    private Service(AnthropicSettings settings)
    {
        ApiKey = KeyOf(settings);
        Address = AddressOf(settings);
    }

    /// <summary>The base address: the SDK itself adds the version.</summary>
    public Uri Address { get; }

    /// <summary>Null if the service asks for none.</summary>
    public string? ApiKey { get; }

    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/> with the field's name.</exception>
    public static Service From(SettingsValues settings) => new(SettingsSchema.Bind<AnthropicSettings>(settings));

    /// <summary>A client that must not be disposed: it would dispose the shared <paramref name="http"/>.</summary>
    public AnthropicClient Client(HttpClient http) => new(new ClientOptions
    {
        BaseUrl = Address.ToString(),
        ApiKey = ApiKey,
        // Named even where it is null: what is left open the SDK fills from the server's environment and home folder,
        // and would send the operator's own token to an address that somebody else entered.
        AuthToken = null,
        HttpClient = http,
        Handlers = [new FailureHandler(ApiKey)],
        MaxRetries = 0,
        // The caller's token ends a request; the SDK's own limit would cut a model that thinks for long.
        Timeout = Timeout.InfiniteTimeSpan,
        // Left open, the environment could have it write prompts into traces.
        OpenTelemetry = false,
    });

    // People paste it with a slash at its end, with the version, or as the address of one endpoint.
    private static Uri AddressOf(AnthropicSettings settings) =>
        settings.Address is { IsAbsoluteUri: true, Scheme: "http" or "https" } address
            ? new Uri(address.GetLeftPart(UriPartial.Authority) + Endpoint().Replace(address.AbsolutePath.TrimEnd('/'), ""))
            : throw new ProviderException(ProviderErrorKind.InvalidSettings, "address");

    // A key is pasted, often with a line end. What cannot stand in a header would fail far from here, with the key in the message.
    private static string? KeyOf(AnthropicSettings settings) =>
        settings.ApiKey?.Trim() is not { Length: > 0 } key ? null
        : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? throw new ProviderException(ProviderErrorKind.InvalidSettings, "apiKey")
        : key;

    [GeneratedRegex("/v1(/(messages|models))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoint();
}
