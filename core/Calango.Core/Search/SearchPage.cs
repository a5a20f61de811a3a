using System.Globalization;

namespace Calango.Core.Search;

/// <summary>A part of what a search found.</summary>
/// <param name="Hits">Best first.</param>
/// <param name="Next">Where the next part starts; null: this is the last.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, string? Next)
{
    /// <summary>Nothing was found.</summary>
    public static SearchPage Empty { get; } = new([], null);

    /// <summary>What is meant could not be looked for now, though it was wanted: these are found by their words alone.</summary>
    public bool MeaningIsAway { get; init; }
}

/// <summary>A message, or a title, that fits a search.</summary>
/// <param name="ConversationId">The chat.</param>
/// <param name="MessageId">The message, on the shown path or not; null: the title fits.</param>
/// <param name="Title">The chat's title; null: it has none yet.</param>
/// <param name="Snippet">Plain text around the best match, in one line. Matched words stand between U+0001 and U+0002.</param>
/// <param name="At">When the message was made, or somebody last wrote in the chat.</param>
public sealed record SearchHit(Guid ConversationId, Guid? MessageId, string? Title, string Snippet, DateTimeOffset At)
{
    /// <summary>It has none of the words, and says the same: the snippet is the passage that does.</summary>
    public bool ByMeaning { get; init; }

    /// <summary>The chat is put away.</summary>
    public bool IsArchived { get; init; }
}

/// <summary>A place in what a search found, blind to what was written after the first page was read.</summary>
/// <param name="Newest">The newest entry there was then.</param>
/// <param name="Place">How many ranked entries were passed.</param>
/// <param name="Seen">The numbers of the last of them, the last one last.</param>
internal sealed record SearchCursor(long Newest, int Place, IReadOnlyList<long> Seen)
{
    // Enough that not all of them are deleted before the next page is read.
    private const int MaxSeen = 20;

    public static SearchCursor After(long newest, List<RankedEntry> ranked, RankedEntry last)
    {
        var place = ranked.IndexOf(last) + 1;
        return new SearchCursor(newest, place, [.. ranked.Take(place).TakeLast(MaxSeen).Select(entry => entry.Number)]);
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes; null if it isn't that.</summary>
    public static SearchCursor? Parse(string? text)
    {
        var numbers = new List<long>();
        foreach (var part in text?.Split('.') ?? [])
        {
            if (!long.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers is [var newest, <= int.MaxValue and var place, _, ..] ? new SearchCursor(newest, (int)place, numbers[2..]) : null;
    }

    public override string ToString() =>
        string.Join('.', Seen.Prepend(Place).Prepend(Newest).Select(number => number.ToString("x", CultureInfo.InvariantCulture)));

    /// <summary>What comes after it. Entries move up when one before them was deleted, so the last one seen that is still there counts.</summary>
    public IEnumerable<RankedEntry> Skip(List<RankedEntry> ranked)
    {
        var places = ranked.Index().ToDictionary(entry => entry.Item.Number, entry => entry.Index);
        foreach (var number in Seen.Reverse())
        {
            if (places.TryGetValue(number, out var place))
            {
                return ranked.Skip(place + 1);
            }
        }

        return ranked.Skip(Math.Max(0, Place - Seen.Count));
    }
}
