using System.Text;
using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Makes of passages that were found what is quoted: neighbours are joined, and a short document is given whole. Thread-safe.</summary>
public sealed class Quotations(Database database)
{
    // No overlap of passages is longer.
    private const int LongestOverlap = 4_000;

    /// <summary>What is quoted, the best first.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="options">How the first collection is set up.</param>
    /// <param name="windowTokens">What the model that reads it takes in.</param>
    /// <param name="budgetTokens">What all quotations together may have. The first one is there whatever it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Quotation>> OfAsync(FoundPassages found, RetrievalOptions options, int windowTokens, int budgetTokens, CancellationToken cancellationToken)
    {
        var quoted = new List<Quotation>();
        foreach (var document in found.Chosen.GroupBy(passage => passage.Passage.Edition))
        {
            quoted.AddRange(await OfDocumentAsync([.. document], (int)Math.Min(options.WholeDocumentShare * windowTokens, budgetTokens), cancellationToken));
        }

        var used = 0;
        return [.. quoted.OrderByDescending(quotation => quotation.Best.Score).TakeWhile((quotation, place) => (used += quotation.Tokens) <= budgetTokens || place == 0)];
    }

    private async Task<IEnumerable<Quotation>> OfDocumentAsync(IReadOnlyList<FoundPassage> found, int wholeTokens, CancellationToken cancellationToken)
    {
        var edition = found[0].Passage.Edition;
        var tokens = await database.ReadAsync(db => db.Set<Passage>().Where(passage => passage.Edition == edition).SumAsync(passage => passage.Tokens, cancellationToken), cancellationToken);
        if (tokens <= wholeTokens)
        {
            var all = await database.ReadAsync(db => db.Set<Passage>().Where(passage => passage.Edition == edition).OrderBy(passage => passage.Ordinal).ToListAsync(cancellationToken), cancellationToken);
            return all.Count == 0 ? [] : [Joined(all, found.MaxBy(passage => passage.Score)!, isWhole: true)];
        }

        return Neighbours(found).Select(run => Joined([.. run.Select(passage => passage.Passage)], run.MaxBy(passage => passage.Score)!, isWhole: false));
    }

    private static IEnumerable<List<FoundPassage>> Neighbours(IReadOnlyList<FoundPassage> found)
    {
        var run = new List<FoundPassage>();
        foreach (var passage in found.OrderBy(passage => passage.Passage.Ordinal))
        {
            if (run.Count > 0 && passage.Passage.Ordinal != run[^1].Passage.Ordinal + 1)
            {
                yield return run;
                run = [];
            }

            run.Add(passage);
        }

        yield return run;
    }

    private static Quotation Joined(IReadOnlyList<Passage> passages, FoundPassage best, bool isWhole)
    {
        var (first, last) = (passages[0], passages[^1]);
        var text = new StringBuilder(isWhole && passages.Count > 1 ? Passage.Placed(first.Headings, first.Text) : first.Text);
        foreach (var (before, passage) in passages.Zip(passages.Skip(1)))
        {
            if (passage.Headings != before.Headings)
            {
                text.Append("\n\n").Append(Passage.Placed(passage.Headings, passage.Text));
                continue;
            }

            var overlap = OverlapOf(before.Text, passage.Text);
            text.Append(overlap > 0 ? "" : "\n\n").Append(passage.Text, overlap, passage.Text.Length - overlap);
        }

        var joined = text.ToString();
        return new Quotation(
            best.CollectionId, best.Passage.DocumentId, best.DocumentName, first.Ordinal, isWhole && passages.Count > 1 ? "" : first.Headings, first.Page, last.LastPage ?? last.Page, joined, TokenEstimate.Of(joined), isWhole, best);
    }

    // How much of the end of one is the beginning of the next.
    private static int OverlapOf(string before, string next)
    {
        for (var length = Math.Min(Math.Min(before.Length, next.Length), LongestOverlap); length > 0; length--)
        {
            if (before.AsSpan(before.Length - length).SequenceEqual(next.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
