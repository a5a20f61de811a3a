using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Tests.CountingDouble;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Faults.Tests;

/// <summary>A plugin is replaced again and again while people read what it says.</summary>
public sealed class SwapTests
{
    private const int Readers = 16, Swaps = 20, Tokens = 60;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_swaps_under_load_break_no_stream_lose_no_token_mix_no_versions_and_leave_no_code_behind()
    {
        using var folder = new PluginsFolder();
        folder.AddCounting("1.0.0");
        await using var app = await TestApp.StartAsync(connected: false, settings: [new("CALANGO_PLUGINS", folder.Path)]);
        var model = await ConnectAsync(app);
        var answers = new Answers();
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadOnAsync(app, model, answers, enough.Token))).ToList();

        var code = await SwapAsync(app, folder, answers, readers);
        await enough.CancelAsync();
        await Task.WhenAll(readers);

        Assert.True(answers.Wrong.Count == 0, $"{answers.Wrong.Count} wrong: {answers.Wrong.FirstOrDefault()}");
        var host = app.Services.GetRequiredService<PluginHost>();
        await Eventually.HoldsAsync(
            "the code of all old versions is gone", () => Task.FromResult(host.Plugins.Single().Others.Count == 0 && !code.Exists(context => context.IsAlive)), TestEnd);
    }

    private static async Task<ModelRef> ConnectAsync(TestApp app)
    {
        var connection = await app.Services.GetRequiredService<Connections>().AddAsync(
            new ConnectionInput(CountingProvider.ProviderId, "", "Counting", new Dictionary<string, string?>(), new TimeLimits()), TestEnd);
        await app.Services.GetRequiredService<ModelCatalog>().RefreshAsync(connection.Id, TestEnd);
        return new ModelRef(connection.Id, CountingProvider.ModelId);
    }

    // The next swap comes when a reader has seen the version that serves: each one serves somebody.
    private static async Task<List<WeakReference>> SwapAsync(TestApp app, PluginsFolder folder, Answers answers, List<Task> readers)
    {
        var host = app.Services.GetRequiredService<PluginHost>();
        var code = new List<WeakReference>();
        for (var swap = 0; swap < Swaps; swap++)
        {
            await Eventually.HoldsAsync($"1.0.{swap} has answered", () => Task.FromResult(answers.HaveShown($"v1.0.{swap}") || readers.Exists(reader => reader.IsFaulted)), TestEnd);
            code.AddRange(CodeOf($"{CountingProvider.ProviderId} 1.0.{swap}"));
            var next = folder.AddCounting($"1.0.{swap + 1}");
            await host.ActivateAsync(next, PluginManifest.Read(next), isIsolated: false, _ => { }, TestEnd);
        }

        Assert.Equal(Swaps, code.Count);
        return code;
    }

    private static async Task ReadOnAsync(TestApp app, ModelRef model, Answers answers, CancellationToken enough)
    {
        using var visitor = app.Visit();
        while (!enough.IsCancellationRequested)
        {
            var page = await visitor.PostAsync("/messages", TestEnd, ("Text", $"count {Tokens} 15"), ("ClientMessageId", $"{Guid.CreateVersion7()}"), ("Model", model.ToString()));
            var reader = new PageReader(visitor.Http, page);
            await reader.FollowAsync(() => { answers.Saw(reader.Text); return false; }, cancellationToken: TestEnd);
            var stored = await app.Services.GetRequiredService<Core.Chat.Turns>().FindAsync(Account.LocalId, reader.TurnId, TestEnd);
            answers.Check(reader.HasEnded ? reader.Text : $"(cut) {reader.Text}", $"{stored!.State}");
            var again = await visitor.GetAsync($"/chat/{reader.ConversationId}", TestEnd);
            answers.Check(PageReader.TextOf(again.QuerySelectorAll(".message--answer").Last()), $"{stored.State}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IEnumerable<WeakReference> CodeOf(string name) =>
        [.. AssemblyLoadContext.All.Where(context => context.Name == name).Select(context => new WeakReference(context, trackResurrection: true))];

    private sealed class Answers
    {
        private readonly Lock _lock = new();

        private readonly HashSet<string> _versions = [];

        public List<string> Wrong { get; } = [];

        public bool HaveShown(string version)
        {
            lock (_lock)
            {
                return _versions.Contains(version);
            }
        }

        public void Saw(string text)
        {
            lock (_lock)
            {
                _versions.Add(text.Split('/')[0]);
            }
        }

        public void Check(string text, string state)
        {
            var version = text.Split('/')[0];
            if (text.TrimEnd('\n') != string.Join(' ', Enumerable.Range(0, Tokens).Select(number => $"{version}/{number}")) || state != "Complete")
            {
                lock (_lock)
                {
                    Wrong.Add($"{state}: {text}");
                }
            }
        }
    }
}
