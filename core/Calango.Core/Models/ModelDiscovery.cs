namespace Calango.Core.Models;

/// <summary>Finds model services that run on this machine already. Thread-safe.</summary>
public sealed class ModelDiscovery
{
    /// <summary>Asks all known places at once; takes about a third of a second.</summary>
    public Task<IReadOnlyList<DiscoveredService>> FindAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>A service that was found.</summary>
/// <param name="Name">Its product name, e.g. <c>Ollama</c>.</param>
/// <param name="Address">What a connection's address would be, ending in <c>/v1</c>.</param>
/// <param name="ModelCount">How many models it offers.</param>
/// <param name="PresetId">The preset of the OpenAI-compatible provider that fits.</param>
/// <param name="FromEnvironment">An environment variable names it, so it may be anywhere.</param>
public sealed record DiscoveredService(string Name, Uri Address, int ModelCount, string PresetId, bool FromEnvironment);
