namespace Calango.Sdk;

/// <summary>
/// Finds the vectors that are nearest to one. What it holds is a copy: the server has all vectors, brings the index up to date, and
/// fills it anew where it was lost. Called concurrently, from several servers too, and with the settings of more than one place: keeps no
/// state of a place beyond what makes its calls quick.
/// <para>
/// Vectors lie in spaces. Each has as many numbers as its space has dimensions, and a length of 1; nearness is the cosine. Whatever goes
/// wrong is a <see cref="ProviderException"/>: a vector that does not fit is <see cref="ProviderErrorKind.InvalidRequest"/>, and nothing is
/// sent then.
/// </para>
/// </summary>
public interface IPassageIndex
{
    /// <summary>The settings that a place needs. See <see cref="SettingsSchema"/>.</summary>
    IReadOnlyList<SettingField> Settings { get; }

    /// <summary>Whether it can be worked with now: it answers, and the key opens it.</summary>
    Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>Makes a space; one that is there already is fine.</summary>
    Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>Puts vectors into a space that was ensured, in the place of those with the same numbers. Once it has returned they are found.</summary>
    /// <param name="space">The space.</param>
    /// <param name="vectors">At most 200.</param>
    /// <param name="settings">Where.</param>
    /// <param name="cancellationToken">Gives up; some may be there then.</param>
    Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>Takes away all vectors of some editions. Neither these nor the space have to be there.</summary>
    Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>The passages of a space that are nearest to a question, the nearest first, each once, by the nearest of its vectors.</summary>
    /// <returns>Null: there is nothing of this tenant and fingerprint, or no longer. The server fills the space anew then.</returns>
    Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken);
}

/// <summary>Vectors that are compared with each other.</summary>
/// <param name="Tenant">Whose they are: letters and digits, at most 64. What is one's is never found by another.</param>
/// <param name="Collection">The collection of documents.</param>
/// <param name="Fingerprint">Of the model that made them, see <see cref="EmbeddingModelInfo.Fingerprint"/>.</param>
/// <param name="Dimensions">How many numbers each has.</param>
public sealed record IndexSpace(string Tenant, Guid Collection, string Fingerprint, int Dimensions);

/// <summary>Where a passage, or a part of a long one, lies.</summary>
/// <param name="Number">Its number, which no other vector has, whatever its space.</param>
/// <param name="Passage">The passage; a long one has several vectors.</param>
/// <param name="Edition">The edition of a document to which it belongs.</param>
/// <param name="Values">Its numbers.</param>
/// <param name="Words">The passage's words, folded and stemmed, for an index that compares these, too.</param>
public sealed record IndexVector(long Number, long Passage, Guid Edition, float[] Values, string Words = "");

/// <summary>What is looked for.</summary>
/// <param name="Vector">Where the question lies.</param>
/// <param name="Most">How many passages are wanted at most; no more than 1,000.</param>
public sealed record IndexQuery(float[] Vector, int Most)
{
    /// <summary>Only these are compared, at most 1,000; null: all. Each that the index has is answered then, with its cosine.</summary>
    public IReadOnlyList<long>? Passages { get; init; }

    /// <summary>The question's words, folded and stemmed, for an index that compares these, too; null: the vectors alone count.</summary>
    public string? Words { get; init; }

    /// <summary>How much the vectors count against the words, 0 to 1.</summary>
    public double Alpha { get; init; } = 1;
}

/// <summary>A passage that is near.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Cosine">How near, -1 to 1; null: it was found by its words as well, and that was not computed.</param>
public sealed record NearPassage(long Passage, float? Cosine);
