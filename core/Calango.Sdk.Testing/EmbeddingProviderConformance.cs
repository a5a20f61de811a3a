namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IEmbeddingProvider"/>. A plugin's test class derives from this and says how its
/// model is made to do each thing; a thing that it cannot do is skipped, visibly.
/// </summary>
public abstract class EmbeddingProviderConformance
{
    // What arithmetic in another order may change.
    private const float Tolerance = 1e-3f;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);
    private static readonly string[] Texts = ["one two three", "The train to Recife was late.", "ação € 🦎 你好", "x"];

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The provider under test.</summary>
    protected abstract IEmbeddingProvider Provider { get; }

    /// <summary>A model that works.</summary>
    protected abstract string ModelId { get; }

    /// <summary>Settings that reach it.</summary>
    protected virtual SettingsValues Settings { get; } = new(new Dictionary<string, string>());

    /// <summary>A text that is longer than the model's window, which is refused from now on; null: there is none.</summary>
    protected abstract string? TooLong();

    /// <summary>Settings that reach a service which takes a request and never answers; null: it always does.</summary>
    protected virtual SettingsValues? Stalled() => null;

    [Fact]
    public async Task The_models_are_listed_once_each_and_say_nothing_that_cannot_be()
    {
        var models = await Provider.ListEmbeddingModelsAsync(Settings, TestEnd);

        Assert.Equal(models.Count, models.Select(model => model.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(models, model => Assert.True(model is { Id.Length: > 0, Name.Length: > 0, WindowTokens: >= 0, Dimensions: >= 0 }, model.ToString()));
        Assert.All(models.SelectMany(model => model.Languages), language => Assert.Matches("^[a-z]{2,3}(-[A-Za-z0-9]+)*$", language));
    }

    [Fact]
    public async Task Each_text_has_a_vector_in_the_order_of_the_texts()
    {
        var together = await EmbedAsync([.. Texts, Texts[0]]);

        Assert.Equal(Texts.Length + 1, together.Count);
        AssertSame(together[0], together[^1]);
        foreach (var (index, text) in Texts.Index())
        {
            AssertSame(Assert.Single(await EmbedAsync([text])), together[index]);
        }
    }

    [Fact]
    public async Task Every_vector_has_as_many_numbers_as_is_said_and_they_are_numbers()
    {
        var said = (await Provider.ListEmbeddingModelsAsync(Settings, TestEnd)).FirstOrDefault(model => model.Id == ModelId)?.Dimensions;

        var vectors = await EmbedAsync(Texts);

        Assert.All(vectors, vector => Assert.Equal(said is > 0 ? said : vectors[0].Length, vector.Length));
        Assert.All(vectors.SelectMany(vector => vector), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public async Task No_texts_have_no_vectors() => Assert.Empty(await EmbedAsync([]));

    [Fact]
    public async Task Many_texts_at_once_all_have_one()
    {
        var texts = Enumerable.Range(0, 300).Select(index => $"text {index}").ToList();

        var vectors = await EmbedAsync(texts);

        Assert.Equal(texts.Count, vectors.Count);
        AssertSame(Assert.Single(await EmbedAsync([texts[^1]])), vectors[^1]);
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_mix()
    {
        var alone = await EmbedAsync(Texts);

        var calls = await Task.WhenAll(Enumerable.Range(0, 16).Select(call => EmbedAsync([Texts[call % Texts.Length], Texts[(call + 1) % Texts.Length]])));

        foreach (var (call, vectors) in calls.Index())
        {
            AssertSame(alone[call % Texts.Length], vectors[0]);
            AssertSame(alone[(call + 1) % Texts.Length], vectors[1]);
        }
    }

    [Fact]
    public async Task A_text_beyond_the_window_is_refused_and_never_cut()
    {
        var tooLong = TooLong();
        Assert.SkipWhen(tooLong is null, "This model takes any text.");

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => EmbedAsync(["short", tooLong]));

        Assert.Equal(ProviderErrorKind.TextTooLong, refusal.Kind);
    }

    [Fact]
    public async Task Tokens_that_are_counted_are_those_of_the_window()
    {
        var counted = await Provider.CountTokensAsync(ModelId, ["", .. Texts], Settings, TestEnd);
        Assert.SkipWhen(counted is null, "This provider cannot say: the server estimates.");
        Assert.Equal(Texts.Length + 1, counted.Count);
        Assert.Equal(0, counted[0]);
        Assert.All(counted.Skip(1), count => Assert.True(count > 0));

        var window = (await Provider.ListEmbeddingModelsAsync(Settings, TestEnd)).FirstOrDefault(model => model.Id == ModelId)?.WindowTokens;
        if (window > 0 && TooLong() is { } tooLong)
        {
            Assert.True(Assert.Single((await Provider.CountTokensAsync(ModelId, [tooLong], Settings, TestEnd))!) > window);
        }
    }

    [Fact]
    public async Task A_stop_ends_a_call_within_two_seconds()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var many = Enumerable.Range(0, 5000).Select(index => $"a text of some words, number {index}").ToList();
        using var generator = Provider.ConnectEmbeddings(ModelId, Stalled() ?? Settings);
        var call = Task.Run(() => generator.GenerateAsync(many, cancellationToken: stop.Token), TestEnd);
        // Another call that comes back takes the time in which this one begins.
        await EmbedAsync([Texts[0]]);
        await stop.CancelAsync();

        var ended = await Record.ExceptionAsync(() => call.WaitAsync(StopLimit, TestEnd));
        // A small model is faster than any stop.
        Assert.True(ended is null or OperationCanceledException, ended?.ToString());
    }

    private async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts)
    {
        using var generator = Provider.ConnectEmbeddings(ModelId, Settings);
        return [.. (await generator.GenerateAsync(texts, cancellationToken: TestEnd)).Select(embedding => embedding.Vector.ToArray())];
    }

    private static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
