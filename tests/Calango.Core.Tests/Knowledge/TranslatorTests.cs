using System.Diagnostics;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Portuguese, as a model that reads English alone gets it.</summary>
public sealed class TranslatorTests : IDisposable
{
    private const string Apertium = "/usr/share/apertium/modes";

    private readonly string _folder = TestFolders.NewTemporary("translator");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [Fact]
    public async Task Texts_come_back_in_English_each_in_its_place()
    {
        await using var translator = Installed();

        var translated = await translator.TranslateAsync(["O rei morreu sem deixar herdeiros.", "O bebê chora quando está com fome", ""], Cancelled);

        Assert.Equal(["The king died without leaving heirs.", "The baby cries when it is hungry", ""], translated);
    }

    [Fact]
    public async Task What_means_something_to_the_translator_is_text_like_any_other()
    {
        await using var translator = Installed();
        const string signs = @"[a] {b} ^c$ d/e f\g @h <i> *j* ~k # l + m";

        var translated = await translator.TranslateAsync([signs, "O rei morreu.\n\nO bebê chora.\0"], Cancelled);

        Assert.All(signs.Where(char.IsPunctuation), sign => Assert.Contains(sign, translated[0]));
        Assert.Contains("king", translated[1], StringComparison.Ordinal);
        Assert.Contains("baby", translated[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_comes_back_whole()
    {
        await using var translator = Installed();
        var text = string.Join(' ', Enumerable.Repeat("O rei morreu sem deixar herdeiros.", 4_000));

        var translated = (await translator.TranslateAsync([text], Cancelled))[0];

        Assert.Equal(4_000, translated.Split("king").Length - 1);
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own()
    {
        await using var translator = Installed();

        var translated = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number => (await translator.TranslateAsync([$"O rei número {number} morreu."], Cancelled))[0]));

        Assert.All(translated.Index(), entry => Assert.Contains($" {entry.Index} ", entry.Item, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_gives_up_does_not_leave_the_next_one_with_their_answer()
    {
        await using var translator = Installed();
        using var impatient = new CancellationTokenSource();
        var long_ = translator.TranslateAsync([string.Join(' ', Enumerable.Repeat("O rei morreu sem deixar herdeiros.", 20_000))], impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => long_);

        Assert.Equal(["The baby cries."], await translator.TranslateAsync(["O bebê chora."], Cancelled));
    }

    [Fact]
    public async Task Its_programs_end_when_nobody_asks_and_come_back()
    {
        var clock = new ManualTime();
        await using var translator = Installed(clock);
        await translator.TranslateAsync(["O bebê chora."], Cancelled);
        Assert.NotEmpty(Programs());

        clock.Advance(TimeSpan.FromMinutes(10));

        await Eventually.HoldsAsync("they have ended", () => Task.FromResult(Programs().Count == 0), Cancelled);
        Assert.Equal(["The baby cries."], await translator.TranslateAsync(["O bebê chora."], Cancelled));
    }

    [Fact]
    public async Task Programs_that_were_killed_are_started_anew()
    {
        await using var translator = Installed();
        await translator.TranslateAsync(["O bebê chora."], Cancelled);
        Programs().ForEach(program => program.Kill());

        Assert.Equal(["The baby cries."], await translator.TranslateAsync(["O bebê chora."], Cancelled));
    }

    [Fact]
    public async Task What_is_not_installed_says_so()
    {
        await using var translator = new Translator(_folder, TimeProvider.System, NullLogger.Instance);

        Assert.False(translator.IsInstalled);
        Assert.Equal("noTranslator", (await Assert.ThrowsAsync<ExtractionException>(() => translator.TranslateAsync(["O bebê chora."], Cancelled))).Code);
    }

    [Fact]
    public async Task One_that_does_not_start_says_so()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "pt-es.mode"), "calango-is-no-such-program", Cancelled);
        await File.WriteAllTextAsync(Path.Combine(_folder, "spa-eng.mode"), "calango-is-no-such-program", Cancelled);
        await using var translator = new Translator(_folder, TimeProvider.System, NullLogger.Instance);

        Assert.Equal("translation", (await Assert.ThrowsAsync<ExtractionException>(() => translator.TranslateAsync(["O bebê chora."], Cancelled))).Code);
    }

    private static Translator Installed(TimeProvider? clock = null)
    {
        var translator = new Translator(Apertium, clock ?? TimeProvider.System, NullLogger.Instance);
        Assert.SkipUnless(translator.IsInstalled, "apertium is not installed; ./calango test does it.");
        return translator;
    }

    // Those of this process alone.
    private static List<Process> Programs() =>
        [.. Process.GetProcessesByName("lt-proc").Where(program => File.Exists($"/proc/{program.Id}/stat") && Ancestors(program.Id).Contains(Environment.ProcessId))];

    private static IEnumerable<int> Ancestors(int process)
    {
        for (var parent = ParentOf(process); parent > 1; parent = ParentOf(parent))
        {
            yield return parent;
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
