namespace Calango.Core.Models;

/// <summary>A model that can be chosen. Price and window are the person's own where given, else the service's; unknown is null.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Name">For people.</param>
/// <param name="Provider">Whose it is: the preset that the connection was made from, else its provider.</param>
/// <param name="ConnectionName">The connection, for people.</param>
/// <param name="ContextTokens">The window: prompt and answer together.</param>
/// <param name="MaxOutputTokens">The longest answer.</param>
/// <param name="InputPrice">US dollars per million prompt tokens.</param>
/// <param name="OutputPrice">US dollars per million answer tokens.</param>
/// <param name="OnPremises">It runs on this machine.</param>
/// <param name="Host">What people call the place that is asked: a host, or the connection's name.</param>
public sealed record CatalogModel(
    ModelRef Ref,
    string Name,
    string Provider,
    string ConnectionName,
    int? ContextTokens,
    int? MaxOutputTokens,
    decimal? InputPrice,
    decimal? OutputPrice,
    bool OnPremises,
    string Host)
{
    /// <summary>Whether it takes pictures; null: its service doesn't say.</summary>
    public bool? SeesPictures { get; init; }
}

/// <summary>How the listing of a connection's models stands.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="ConnectionName">For people.</param>
/// <param name="ModelCount">How many models it offered last.</param>
/// <param name="ListedAt">When it was asked last; null: the first answer is still awaited.</param>
/// <param name="Failure">Why it could not be listed; null: it could.</param>
public sealed record CatalogConnection(Guid ConnectionId, string ConnectionName, int ModelCount, DateTimeOffset? ListedAt, Failure? Failure);
