using Calango.Core.Data;

namespace Calango.Core.Knowledge;

/// <summary>The terms of a passage, and how often each is in it.</summary>
internal sealed record IndexedPassage(long Number, IReadOnlyDictionary<string, int> Terms);

/// <summary>A term that is looked for, and how much finding it says.</summary>
internal sealed record WeightedTerm(string Term, double Weight);

/// <summary>A passage that has some of the terms.</summary>
internal sealed record PassageCandidate(long Number, double Score);

/// <summary>The index of terms of one database. It finds candidates: <see cref="KeywordScore"/> ranks them.</summary>
internal interface IPassageDialect
{
    /// <summary>How many entries of the index a search looks at: words that are everywhere say little beside rarer ones.</summary>
    long MostEntries { get; }

    /// <summary>Adds passages to the index. What deletes a passage deletes its terms there.</summary>
    Task AddAsync(CalangoDb db, Guid collectionId, IReadOnlyList<IndexedPassage> passages, CancellationToken cancellationToken);

    /// <summary>Adds to the counts of terms of a collection; a count may be taken away.</summary>
    Task CountAsync(CalangoDb db, Guid collectionId, IReadOnlyDictionary<string, int> passages, CancellationToken cancellationToken);

    /// <summary>The passages of some collections' documents, as they can be found now, that seem to fit best.</summary>
    Task<List<PassageCandidate>> FindAsync(CalangoDb db, IReadOnlyList<Guid> collections, IReadOnlyList<WeightedTerm> terms, int most, CancellationToken cancellationToken);
}

/// <summary>Which of the two a database speaks.</summary>
internal static class PassageDialect
{
    public static IPassageDialect Of(DatabaseOptions options) => options.IsSqlite ? new SqlitePassages() : new PostgresPassages();

    /// <summary>A word that no text can have: with it the index finds a collection's passages without reading everybody's.</summary>
    public static string WordOf(Guid collectionId) => $"collection{collectionId:N}";
}
