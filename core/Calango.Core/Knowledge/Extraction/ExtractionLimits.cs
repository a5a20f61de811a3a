namespace Calango.Core.Knowledge;

/// <summary>How much one document may cost its reader.</summary>
internal sealed record ExtractionLimits
{
    /// <summary>The largest file that is read.</summary>
    public long FileBytes { get; init; } = 100L << 20;

    /// <summary>How much may come of it, as JSON: some ten thousand pages of text.</summary>
    public long OutputBytes { get; init; } = 48L << 20;

    /// <summary>How many files may be in an archive, those of the archives in it included.</summary>
    public int Files { get; init; } = 2000;

    /// <summary>How long the reader may say nothing. With each page it says something.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it may take for the whole.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The reader's managed memory.</summary>
    public long HeapBytes { get; init; } = 512L << 20;
}
