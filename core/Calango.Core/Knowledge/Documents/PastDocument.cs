namespace Calango.Core.Knowledge;

/// <summary>A document that was elsewhere, for being brought back as it was.</summary>
/// <param name="CollectionId">Its collection.</param>
/// <param name="CollectionMadeAt">When that was made.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="AddedAt">When it was put there.</param>
/// <param name="Address">The address of the page that it was; null: it was none.</param>
internal sealed record PastDocument(Guid CollectionId, DateTimeOffset CollectionMadeAt, Guid Id, string Name, DateTimeOffset AddedAt, string? Address);
