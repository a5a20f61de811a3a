namespace Calango.Core.Knowledge;

/// <summary>Counts the tokens of many texts, in portions that a model's service takes.</summary>
internal sealed class TokenCounter(Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<int>>> countTokens)
{
    private const int Portion = 512;

    public async Task<IReadOnlyList<int>> CountAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var counts = new List<int>(texts.Count);
        foreach (var portion in texts.Chunk(Portion))
        {
            counts.AddRange(await countTokens(portion, cancellationToken));
        }

        return counts;
    }

    public async Task<int> CountAsync(string text, CancellationToken cancellationToken) => text.Length == 0 ? 0 : (await CountAsync([text], cancellationToken))[0];
}
