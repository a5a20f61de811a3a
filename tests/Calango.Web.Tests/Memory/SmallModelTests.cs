using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Memory;

/// <summary>The small embedding model of this machine, where the tests of plugins have brought it.</summary>
public sealed class SmallModelTests
{
    private const string Model = "all-minilm-l6-v2";

    private static readonly string Kept = Environment.GetEnvironmentVariable("CALANGO_TEST_MODELS")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "calango", "models");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task It_finds_what_was_said_in_other_words_and_sends_nothing_anywhere(DatabaseKind kind)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Kept, "models", Model, "model.onnx")), $"{Model} is not in the cache; the tests of plugins bring it.");
        await using var app = await TestApp.StartAsync(kind);
        Copy(Path.Combine(Kept, "models", Model), Path.Combine(app.DataFolder, "models", Model));
        Copy(Path.Combine(Kept, "data", "runtimes"), Path.Combine(app.DataFolder, "plugins", "data", "local-models", "runtimes"));
        using var ana = app.Visit();
        await ana.AskAsync(app, "The bicycle makes a grinding noise uphill.", "Clean the chain.", Cancelled);
        await ana.AskAsync(app, "A customer has not paid the invoice.", "Send a reminder.", Cancelled);

        await ana.RememberAsync(Cancelled, Model);
        await ana.UntilAsync("4 of 4", Cancelled);

        Assert.Equal("The bicycle makes a grinding noise uphill.", (await ana.SearchAsync("squeaky two-wheeler", Cancelled)).ByMeaning()[0]);
        Assert.Equal("A customer has not paid the invoice.", (await ana.SearchAsync("somebody owes me money", Cancelled)).ByMeaning()[0]);
        Assert.DoesNotContain(app.Upstream.AllRequests, request => request.Path == "/v1/embeddings");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
