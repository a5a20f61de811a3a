using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>What a provider says of itself, as far as a login needs it (OpenID Connect Discovery 1.0).</summary>
internal sealed record ProviderMetadata
{
    /// <summary>Its name, character by character as it was entered.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where people log in.</summary>
    public required Uri AuthorizationEndpoint { get; init; }

    /// <summary>Where a code becomes tokens.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Where its keys are.</summary>
    public required Uri KeysAddress { get; init; }

    /// <summary>Where it tells more of a person; null: nowhere.</summary>
    public Uri? UserInfoEndpoint { get; init; }

    /// <summary>Where people log out; null: nowhere.</summary>
    public Uri? EndSessionEndpoint { get; init; }

    /// <summary>Whether its answers to the browser name it (RFC 9207).</summary>
    public bool NamesItself { get; init; }

    /// <summary>Whether the client's secret goes into the form instead of a header.</summary>
    public bool TakesSecretInForm { get; init; }

    /// <summary>How it signs.</summary>
    public required IReadOnlySet<string> Algorithms { get; init; }

    /// <summary>Where an issuer describes itself.</summary>
    public static Uri AddressOf(Uri issuer) => new(issuer.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>Reads a description.</summary>
    /// <exception cref="LoginRefusedException">It is of another issuer, lacks something, or leads to where nothing may be sent.</exception>
    public static ProviderMetadata Read(JsonElement document, string issuer, bool allowsPlain)
    {
        const LoginRefusal incomplete = LoginRefusal.MetadataIncomplete;
        if (document.Text("issuer", incomplete) != issuer)
        {
            throw new LoginRefusedException(LoginRefusal.IssuerMismatch);
        }

        if (document.Texts("response_types_supported", incomplete)?.Contains("code") == false)
        {
            throw new LoginRefusedException(LoginRefusal.CodeFlowMissing);
        }

        return new ProviderMetadata
        {
            Issuer = issuer,
            AuthorizationEndpoint = Address("authorization_endpoint") ?? throw new LoginRefusedException(incomplete),
            TokenEndpoint = Address("token_endpoint") ?? throw new LoginRefusedException(incomplete),
            KeysAddress = Address("jwks_uri") ?? throw new LoginRefusedException(incomplete),
            UserInfoEndpoint = Address("userinfo_endpoint"),
            EndSessionEndpoint = Address("end_session_endpoint"),
            NamesItself = document.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
            TakesSecretInForm = TakesInForm(document.Texts("token_endpoint_auth_methods_supported", incomplete)),
            // Without a list it is what every provider must have.
            Algorithms = Shared(document.Texts("id_token_signing_alg_values_supported", incomplete) ?? ["RS256"]),
        };

        Uri? Address(string name) => document.Text(name, incomplete) is { } text ? ProviderAddress.Read(text, allowsPlain) : null;
    }

    private static HashSet<string> Shared(IReadOnlyList<string> offered)
    {
        var shared = offered.Where(JwsAlgorithm.Knows).ToHashSet(StringComparer.Ordinal);
        return shared.Count > 0 ? shared : throw new LoginRefusedException(LoginRefusal.AlgorithmsNotShared);
    }

    // Without a list it takes the header (Discovery, section 3). A client without a secret says no more than its name, in the form.
    private static bool TakesInForm(IReadOnlyList<string>? methods) =>
        methods is not null && !methods.Contains("client_secret_basic")
        && (methods.Contains("client_secret_post") || methods.Contains("none") ? true : throw new LoginRefusedException(LoginRefusal.ClientAuthenticationNotShared));
}
