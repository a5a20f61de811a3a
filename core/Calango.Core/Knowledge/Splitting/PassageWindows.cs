namespace Calango.Core.Knowledge;

/// <summary>The texts that are embedded for a passage.</summary>
internal sealed class PassageWindows(TitlePath path, string header, SplitOptions options, TokenCounter counter)
{
    /// <summary>One if it fits; else parts that overlap, each under the titles and, in a table, its header.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string text, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> windows = [Above(text)];
        var tokens = await counter.CountAsync(windows, cancellationToken);
        if (tokens[0] <= options.WindowTokens)
        {
            return windows;
        }

        // The tokens of a whole are not always the sum of its parts': what is still too long is cut into smaller ones.
        var own = options.WindowTokens - await counter.CountAsync(Above(""), cancellationToken);
        for (var budget = own; tokens.Any(count => count > options.WindowTokens) && budget > 1; budget = budget * 3 / 4)
        {
            windows = [.. (await Words.PartsAsync(text, budget, Math.Min(options.OverlapTokens, budget / 4), counter, cancellationToken)).Select(Above)];
            tokens = await counter.CountAsync(windows, cancellationToken);
        }

        return windows;
    }

    private string Above(string text) => path.Above(header + text);
}
