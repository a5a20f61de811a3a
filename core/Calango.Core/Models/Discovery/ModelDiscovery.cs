using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>
/// Finds model services that run on this machine already, and those that the operator names. Only 127.0.0.1 is asked,
/// unless a setting names another place: then it is the person's own word. Thread-safe.
/// </summary>
public sealed class ModelDiscovery(DiscoveryOptions options, TimeProvider clock)
{
    private const string ProviderId = "openai-compatible";
    private static readonly TimeSpan LimitElsewhere = TimeSpan.FromSeconds(2);
    private static readonly HttpLimits Caps = new(MaxBodyBytes: 4 * 1024 * 1024);

    /// <summary>Asks all places at once. What the operator names comes first, and is there even if it doesn't answer.</summary>
    public async Task<IReadOnlyList<DiscoveredService>> FindAsync(CancellationToken cancellationToken)
    {
        using var http = new PluginHttp();
        using var client = http.CreateClient(Caps);
        var named = NamedPlaces().ToList();
        var places = named.Concat(options.Ports.Select(port => new Place(new Uri($"http://127.0.0.1:{port}/"), "", null, null))).DistinctBy(place => place.Root);
        var found = await Task.WhenAll(places.Select(place => AskAsync(client, place, cancellationToken)));
        return [.. found.OfType<DiscoveredService>()];
    }

    /// <summary>The connection for a service that was found, with the key that the operator named: it never travels through a page.</summary>
    public ConnectionInput InputFor(DiscoveredService service) => new(
        ProviderId,
        service.PresetId,
        service.Name,
        new Dictionary<string, string?>
        {
            ["address"] = service.Address.AbsoluteUri,
            ["apiKey"] = NamedPlaces().FirstOrDefault(place => place.Address == service.Address)?.Key,
        },
        new TimeLimits());

    private IEnumerable<Place> NamedPlaces()
    {
        var named = options.OpenAi ?? (options.OpenAiKey is { Length: > 0 } ? new NamedService("https://api.openai.com/v1", "OPENAI_BASE_URL") : null);
        if (AddressOf(named?.Place) is { } openAi)
        {
            yield return new Place(new Uri(openAi, "/"), openAi.AbsolutePath.Trim('/'), options.OpenAiKey, named!.NamedBy);
        }

        if (OllamaAddressOf(options.Ollama?.Place) is { } ollama)
        {
            yield return new Place(ollama, "", null, options.Ollama!.NamedBy);
        }
    }

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    // Ollama allows a host, a port, both, or an address; 0.0.0.0 is where it listens, not where it is asked.
    private static Uri? OllamaAddressOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var spelled = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + (text.StartsWith(':') ? "127.0.0.1" + text : text);
        if (AddressOf(spelled) is not { } address)
        {
            return null;
        }

        var builder = new UriBuilder(address) { Path = "/" };
        builder.Host = builder.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : builder.Host;
        builder.Port = address.IsDefaultPort && !spelled.EndsWith(":80", StringComparison.Ordinal) && address.Scheme == "http" ? 11434 : builder.Port;
        return builder.Uri;
    }

    private async Task<DiscoveredService?> AskAsync(HttpClient client, Place place, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(place.IsHere ? options.Limit : LimitElsewhere, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var kind = await ServiceRecognition.RecogniseAsync(new ServiceProbe(client, place.Root, place.Path, place.Key), either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return kind is { } known ? new DiscoveredService(known.Name, place.Address, known.ModelCount, known.PresetId, known.NeedsKey, place.NamedBy)
            : place.NamedBy is not null ? new DiscoveredService(place.Root.Authority, place.Address, null, "", false, place.NamedBy)
            : null;
    }

    /// <param name="Root">Scheme, host and port.</param>
    /// <param name="Path">What a connection's address has after the root; empty: <c>v1</c>.</param>
    /// <param name="Key">The key to ask with.</param>
    /// <param name="NamedBy">The setting that names it.</param>
    private sealed record Place(Uri Root, string Path, string? Key, string? NamedBy)
    {
        public Uri Address => new(Root, Path.Length > 0 ? Path : "v1");

        public bool IsHere => Root.IsLoopback;
    }
}

/// <summary>A service that was found.</summary>
/// <param name="Name">Its product name, e.g. <c>Ollama</c>; its host where that is not known.</param>
/// <param name="Address">What a connection's address would be, mostly ending in <c>/v1</c>.</param>
/// <param name="ModelCount">How many models it offers; null: it didn't say.</param>
/// <param name="PresetId">The preset of the OpenAI-compatible provider that fits; empty: none.</param>
/// <param name="NeedsKey">It refused to answer without a key.</param>
/// <param name="NamedBy">The setting that names it; null: it was found on this machine.</param>
public sealed record DiscoveredService(string Name, Uri Address, int? ModelCount, string PresetId, bool NeedsKey, string? NamedBy);
