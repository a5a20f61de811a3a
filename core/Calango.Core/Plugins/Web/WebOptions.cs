namespace Calango.Core.Plugins;

/// <summary>What may be fetched for models and for strangers' addresses.</summary>
public sealed class WebOptions
{
    /// <summary>Hosts with their ports (<c>wiki.example:8080</c>) that may be fetched from although they are in a network of one's own, or on another port than the web's.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
}
