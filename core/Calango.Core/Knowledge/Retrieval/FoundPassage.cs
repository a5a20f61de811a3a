namespace Calango.Core.Knowledge;

/// <summary>A passage that was looked at for a question.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="CollectionId">Its collection.</param>
/// <param name="DocumentName">Its document's name.</param>
/// <param name="Keyword">How well its words fit: 0 and up, comparable within one search.</param>
/// <param name="Coverage">The share of what the question's words say that it has, 0 to 1.</param>
/// <param name="Cosine">How near it is in meaning, -1 to 1; null: it has no place, or the model could not be asked.</param>
/// <param name="Score">Both together, 0 to 1: the order of what is found.</param>
/// <param name="Confidence">How sure it is that it belongs to the question, 0 to 1: what the threshold is about.</param>
/// <param name="Fate">What became of it.</param>
public sealed record FoundPassage(Passage Passage, Guid CollectionId, string DocumentName, double Keyword, double Coverage, double? Cosine, double Score, double Confidence, PassageFate Fate)
{
    /// <summary>Its score before a model has read it with the question; null: none has put what was found in order.</summary>
    public double? ScoreBefore { get; init; }
}

/// <summary>What became of a passage that was looked at.</summary>
public enum PassageFate
{
    /// <summary>It is given to the answer.</summary>
    Chosen,

    /// <summary>It is not sure enough that it belongs to the question.</summary>
    BelowThreshold,

    /// <summary>Far better ones were found.</summary>
    FarBehind,

    /// <summary>It says what a better one says.</summary>
    SaysTheSame,

    /// <summary>As many as are wanted were better.</summary>
    TooMany,
}

/// <summary>What a search has found.</summary>
/// <param name="Candidates">All that were looked at, the best first.</param>
/// <param name="MeaningCounted">Meaning counted, too; else the words alone, because a model or the index is missing or could not be asked.</param>
/// <param name="Translation">The question as it was placed, where it was translated for a model; null: it was not.</param>
/// <param name="IndexIsAway">The index of vectors could not be asked, for some of what was looked at at least.</param>
public sealed record FoundPassages(IReadOnlyList<FoundPassage> Candidates, bool MeaningCounted, string? Translation, bool IndexIsAway)
{
    /// <summary>The model that was to put them in order was slow, away or said no: the order is the one without it.</summary>
    public bool RerankerIsAway { get; init; }

    /// <summary>Those that are given to the answer, the best first; none: nothing was found that belongs to the question.</summary>
    public IReadOnlyList<FoundPassage> Chosen => [.. Candidates.Where(candidate => candidate.Fate == PassageFate.Chosen)];
}
