using System.Numerics.Tensors;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

[Collection(MiniLm.Id)]
public sealed class EmbedderTests(MiniLm model)
{
    // Each pair says the same in other words.
    private static readonly (string Text, string Paraphrase)[] Paraphrases =
    [
        ("How do I reset my password?", "I forgot the secret word with which I sign in"),
        ("The cat sleeps on the sofa.", "A kitten is napping on the couch"),
        ("Sales fell by ten percent last quarter.", "Revenue went down 10% in the previous three months"),
        ("She was diagnosed with high blood pressure.", "The doctor told her that she has hypertension"),
        ("Employees may work from home twice a week.", "Staff are allowed two days of remote work every week"),
        ("The train to Recife was cancelled due to heavy rain.", "Because of a storm the railway service did not run"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paraphrase_is_nearer_than_any_stranger()
    {
        var texts = await model.EmbedAsync([.. Paraphrases.Select(pair => pair.Text)]);
        var paraphrases = await model.EmbedAsync([.. Paraphrases.Select(pair => pair.Paraphrase)]);

        foreach (var (index, text) in texts.Index())
        {
            var likeness = paraphrases.Select(paraphrase => TensorPrimitives.CosineSimilarity<float>(text, paraphrase)).ToList();
            Assert.Equal(index, likeness.IndexOf(likeness.Max()));
        }
    }

    [Fact]
    public async Task A_vector_has_as_many_numbers_as_said_and_length_one()
    {
        var said = Assert.Single(await model.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel));

        var vector = Assert.Single(await model.EmbedAsync("A text."));

        Assert.Equal((said.Dimensions, 240, "en", true), (vector.Length, said.WindowTokens, Assert.Single(said.Languages), said.OnPremises));
        Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5);
        Assert.StartsWith("sha256:afdb6f1a0e45b715", said.Fingerprint, StringComparison.Ordinal);
        Assert.EndsWith("/mean/384", said.Fingerprint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_has_the_same_vector_alone_and_among_others()
    {
        string[] texts = [.. Enumerable.Range(1, 40).Select(index => string.Join(' ', Enumerable.Repeat(Paraphrases[index % Paraphrases.Length].Text, 1 + (index % 9)))), "", "!"];

        var together = await model.EmbedAsync(texts);

        foreach (var (index, text) in texts.Index())
        {
            var alone = Assert.Single(await model.EmbedAsync(text));
            Assert.InRange(TensorPrimitives.Distance<float>(alone, together[index]), 0, 1e-3);
        }
    }

    [Fact]
    public async Task A_text_that_fills_the_window_is_taken_and_one_token_more_is_refused()
    {
        var fits = string.Join(' ', Enumerable.Repeat("word", 240));

        Assert.Equal([240, 241], await model.Embeddings.CountTokensAsync(MiniLm.Id, [fits, fits + " more"], MiniLm.NoSettings, Cancel));
        Assert.Single(await model.EmbedAsync(fits));
        var refusal = await Assert.ThrowsAsync<ProviderException>(() => model.EmbedAsync("short", fits + " more"));
        Assert.Equal((ProviderErrorKind.TextTooLong, "Text 2 of 2 has 241 tokens; 240 fit."), (refusal.Kind, refusal.ServiceMessage));
    }

    [Fact]
    public async Task The_last_word_of_a_full_window_counts()
    {
        var begun = string.Join(' ', Enumerable.Repeat("word", 239));

        var vectors = await model.EmbedAsync(begun + " cat", begun + " tax");

        Assert.True(TensorPrimitives.Distance<float>(vectors[0], vectors[1]) > 0.01);
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_told_as_such()
    {
        using var generator = model.Embeddings.ConnectEmbeddings("unknown", MiniLm.NoSettings);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => generator.GenerateAsync(["text"], cancellationToken: Cancel));

        Assert.Equal(ProviderErrorKind.ModelNotFound, failure.Kind);
    }
}
