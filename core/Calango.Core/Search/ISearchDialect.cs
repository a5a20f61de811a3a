using Calango.Core.Data;

namespace Calango.Core.Search;

/// <summary>The full-text search of one database.</summary>
internal interface ISearchDialect
{
    /// <summary>Adds a text to the index.</summary>
    Task AddAsync(CalangoDb db, IndexedText entry, CancellationToken cancellationToken);

    /// <summary>Roughly how many entries have each term. Cheap; may stop counting at <see cref="MessageSearch.MaxRanked"/>.</summary>
    Task<IReadOnlyList<long>> CountAsync(CalangoDb db, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken);

    /// <summary>
    /// The best entries that have any of the terms and pass the filter, best first, the newest first among equals. Looks at no entry after
    /// <paramref name="newest"/>, so that the order of a search stays while people write on. May contain other accounts' entries.
    /// </summary>
    Task<List<RankedEntry>> RankAsync(CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, SearchFilter filter, long newest, CancellationToken cancellationToken);
}

/// <summary>An entry and how well it fits.</summary>
internal sealed record RankedEntry(long Number, double Score);

/// <summary>Which of the two a database speaks.</summary>
internal static class SearchDialect
{
    public static ISearchDialect Of(DatabaseOptions options) => options.IsSqlite ? new SqliteSearch() : new PostgresSearch();
}
