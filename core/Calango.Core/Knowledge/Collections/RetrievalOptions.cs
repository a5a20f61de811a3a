using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Models;

namespace Calango.Core.Knowledge;

/// <summary>How a collection's passages are cut and found.</summary>
public sealed record RetrievalOptions
{
    /// <summary>How long a passage is at most, in tokens of the model that places it; 0: as it serves best.</summary>
    public int ChunkTokens { get; init; }

    /// <summary>How much of a passage the next one says again, in tokens.</summary>
    public int OverlapTokens { get; init; } = 32;

    /// <summary>How much the meaning counts against the words, 0 to 1; null: as it serves the model and the language best.</summary>
    public double? FusionWeight { get; init; }

    /// <summary>How many passages an answer gets at most.</summary>
    public int MaxPassages { get; init; } = 8;

    /// <summary>How sure it must be that a passage belongs to the question, 0 to 1; below it, nothing is found.</summary>
    public double Threshold { get; init; } = 0.3;

    /// <summary>How much passages that say the same are pushed down, 0 to 1.</summary>
    public double Diversity { get; init; } = 0.3;

    /// <summary>A document that takes less than this share of the model's window is given whole; 0: never.</summary>
    public double WholeDocumentShare { get; init; } = 0.25;

    /// <summary>The model that reads the best of what was found and puts it in its order, as <see cref="ModelRef.ToString"/> names it; null: none.</summary>
    public string? Reranker { get; init; }

    /// <exception cref="RejectedException"><c>retrieval.…</c>: a value is out of its range.</exception>
    public void Validate()
    {
        if (ChunkTokens is not 0)
        {
            Require("chunkTokens", ChunkTokens, 32, 8_000);
        }

        Require("overlapTokens", OverlapTokens, 0, (ChunkTokens is 0 ? 480 : ChunkTokens) / 2);
        Require("fusionWeight", FusionWeight, 0, 1);
        Require("maxPassages", MaxPassages, 1, 50);
        Require("threshold", Threshold, 0, 1);
        Require("diversity", Diversity, 0, 1);
        Require("wholeDocumentShare", WholeDocumentShare, 0, 1);
        if (Reranker is not null && !ModelRef.TryParse(Reranker, out _))
        {
            throw new RejectedException("retrieval.reranker");
        }
    }

    /// <summary>Whether documents must be cut anew when these take the place of others.</summary>
    public bool CutsOtherwiseThan(RetrievalOptions other) => (ChunkTokens, OverlapTokens) != (other.ChunkTokens, other.OverlapTokens);

    private static void Require(string option, double? value, double minimum, double maximum)
    {
        // Written so that NaN is refused too.
        if (value is { } number && !(number >= minimum && number <= maximum))
        {
            throw new RejectedException($"retrieval.{option}", ("min", minimum.ToString(CultureInfo.InvariantCulture)), ("max", maximum.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
