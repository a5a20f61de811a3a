using System.ClientModel;
using System.ClientModel.Primitives;
using Calango.Sdk;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>The service behind one connection: where it is, how it is spoken to, and the SDK's clients for it.</summary>
internal sealed class Service
{
    private readonly OpenAiCompatibleSettings _settings;

    private Service(OpenAiCompatibleSettings settings)
    {
        _settings = settings;
        ApiKey = KeyOf(settings);
        Address = ServiceAddress.Normalize(settings.Address, settings.ApiVersion is not null);
    }

    /// <summary>The base address, without a slash at its end.</summary>
    public Uri Address { get; }

    /// <summary>Null if the service asks for none.</summary>
    public string? ApiKey { get; }

    /// <summary>OpenAI's newer models refuse <c>max_tokens</c>; most others know nothing else.</summary>
    public bool LimitsByMaxCompletionTokens =>
        Address.Host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase) || Address.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>Mistral refuses <c>stream_options</c>, and sends usage without being asked.</summary>
    public bool RefusesStreamOptions => Address.Host.EndsWith("mistral.ai", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/> with the field's name.</exception>
    public static Service From(SettingsValues settings) => new(SettingsSchema.Bind<OpenAiCompatibleSettings>(settings));

    public ChatClient ChatClient(string modelId, HttpClient http) => new(modelId, Authentication(), Options(http));

    public EmbeddingClient EmbeddingClient(string modelId, HttpClient http) => new(modelId, Authentication(), Options(http));

    public OpenAIModelClient ModelClient(HttpClient http) => new(Authentication(), Options(http));

    private AuthenticationPolicy Authentication() =>
        ApiKey is null ? new NoKeyPolicy() : ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(new ApiKeyCredential(ApiKey));

    private OpenAIClientOptions Options(HttpClient http)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = Address,
            OrganizationId = _settings.Organization,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            // The caller's token ends a request; the SDK's own limit would cut a model that thinks for long.
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "Calango",
        };
        if (_settings.ApiVersion is { } version)
        {
            options.AddPolicy(new ApiVersionPolicy(version, ApiKey), PipelinePosition.PerCall);
        }

        return options;
    }

    // A key is pasted, often with a line end. What cannot stand in a header would fail far from here, with the key in the message.
    private static string? KeyOf(OpenAiCompatibleSettings settings) =>
        settings.ApiKey?.Trim() is not { Length: > 0 } key ? null
        : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? throw new ProviderException(ProviderErrorKind.InvalidSettings, "apiKey")
        : key;
}
