using Calango.Core.Errors;

namespace Calango.Core.Chat;

/// <summary>What somebody thinks of an answer.</summary>
/// <param name="IsGood">It helped.</param>
/// <param name="Reasons">Why; of a good answer those that praise, of a bad one those that blame.</param>
/// <param name="Comment">In words; empty: none. Only its owner reads it, and what an administrator lets see texts.</param>
public sealed record Rating(bool IsGood, RatingReasons Reasons = RatingReasons.None, string Comment = "")
{
    /// <summary>The longest comment, in UTF-16 units.</summary>
    public const int MaxCommentLength = 2_000;

    /// <summary>The reasons that can be given, in the order in which they are shown.</summary>
    public static IReadOnlyList<RatingReasons> ReasonsFor(bool isGood) => isGood
        ? [RatingReasons.Correct, RatingReasons.Complete, RatingReasons.Clear]
        : [RatingReasons.Wrong, RatingReasons.Incomplete, RatingReasons.NotAsAsked, RatingReasons.TooLong, RatingReasons.Unclear, RatingReasons.Harmful];

    /// <summary>Those that are called so, in whatever case.</summary>
    /// <exception cref="RejectedException"><c>rating.reason</c>: there is none of that name.</exception>
    public static RatingReasons ReasonsOf(IEnumerable<string> names) => names.Aggregate(
        RatingReasons.None,
        (all, name) => all | (Enum.GetValues<RatingReasons>().Cast<RatingReasons?>().FirstOrDefault(reason => string.Equals($"{reason}", name, StringComparison.OrdinalIgnoreCase)) ?? throw new RejectedException("rating.reason")));

    /// <summary>Its form as it is stored.</summary>
    /// <exception cref="RejectedException"><c>rating.reason</c>: a reason that doesn't belong to it, or <c>rating.tooLong</c>.</exception>
    internal Rating Accept()
    {
        var allowed = ReasonsFor(IsGood).Aggregate((all, reason) => all | reason);
        return (Reasons & ~allowed) != 0 ? throw new RejectedException("rating.reason")
            : Comment.Length > MaxCommentLength ? throw new RejectedException("rating.tooLong", ("max", $"{MaxCommentLength}"))
            : this with { Comment = MessageText.Clean(Comment).Trim() };
    }
}

/// <summary>Why an answer was good, or bad.</summary>
[Flags]
public enum RatingReasons
{
    /// <summary>Nobody said.</summary>
    None = 0,

    /// <summary>What it says is right.</summary>
    Correct = 1,

    /// <summary>It says all that was asked for.</summary>
    Complete = 2,

    /// <summary>It is easy to follow.</summary>
    Clear = 4,

    /// <summary>What it says is wrong.</summary>
    Wrong = 8,

    /// <summary>Something is missing.</summary>
    Incomplete = 16,

    /// <summary>It does something else than what was asked for.</summary>
    NotAsAsked = 32,

    /// <summary>It is longer than it needs to be.</summary>
    TooLong = 64,

    /// <summary>It is hard to follow.</summary>
    Unclear = 128,

    /// <summary>It is dangerous or hurts somebody.</summary>
    Harmful = 256,
}
