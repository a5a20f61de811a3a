namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IReranker"/>. A plugin's test class derives from this and says how its model is made to
/// do each thing; a thing that it cannot do is skipped, visibly.
/// </summary>
public abstract class RerankerConformance
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private static readonly string[] Texts =
        ["The harbour has a lighthouse with a red lamp.", "A cake needs flour, eggs and sugar.", "ação € 🦎 你好 \" } {", ""];

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The reranker under test.</summary>
    protected abstract IReranker Reranker { get; }

    /// <summary>A model that works.</summary>
    protected abstract string ModelId { get; }

    /// <summary>Settings that reach it.</summary>
    protected abstract SettingsValues Settings { get; }

    /// <summary>Settings that reach a service which takes a request and never answers; null: it always does.</summary>
    protected virtual SettingsValues? Stalled() => null;

    [Fact]
    public async Task Its_models_are_listed_once_each()
    {
        var models = await Reranker.ListRerankersAsync(Settings, TestEnd);

        Assert.Equal(models.Count, models.Select(model => model.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(models, model => Assert.True(model is { Id.Length: > 0, Name.Length: > 0 }, model.ToString()));
    }

    [Fact]
    public async Task Each_text_has_a_score_in_the_order_of_the_texts()
    {
        var scores = await AskAsync("What colour is the lamp of the lighthouse in the harbour?", Texts);
        var reversed = await AskAsync("What colour is the lamp of the lighthouse in the harbour?", [.. Texts.Reverse()]);

        Assert.Equal(Texts.Length, scores.Count);
        Assert.All(scores, score => Assert.True(double.IsFinite(score)));
        Assert.True(scores[0] > scores[1], $"{scores[0]} is not above {scores[1]}");
        Assert.True(reversed[^1] > reversed[^2], "They come in another order than the texts.");
    }

    [Fact]
    public async Task No_texts_have_no_scores() => Assert.Empty(await AskAsync("What?", []));

    [Fact]
    public async Task A_hundred_texts_all_have_one() => Assert.Equal(100, (await AskAsync("number 7", [.. Enumerable.Range(0, 100).Select(index => $"number {index}")])).Count);

    [Fact]
    public async Task A_stop_ends_a_call_within_two_seconds()
    {
        var stalled = Stalled();
        Assert.SkipWhen(stalled is null, "This model always answers.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var call = Reranker.RerankAsync(ModelId, "What?", Texts, stalled, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(StopLimit, TestEnd));
    }

    private Task<IReadOnlyList<double>> AskAsync(string question, IReadOnlyList<string> texts) => Reranker.RerankAsync(ModelId, question, texts, Settings, TestEnd);
}
