using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using Calango.Core.Errors;
using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Events;

public sealed class EventSinksTests
{
    private const string Langfuse = "langfuse", Secret = "sk-lf-very-secret-881";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task What_is_said_of_a_sink_is_stored_with_its_secret_encrypted(DatabaseKind kind)
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.Credentials = ("pk-lf-1", Secret);
        await using var kernel = await TestKernel.StartAsync(kind);
        var sinks = kernel.Get<EventSinks>();
        Assert.Null(await sinks.SettingsOfAsync(Langfuse, TestEnd));

        await sinks.SaveAsync(Langfuse, Input(collector.Address), TestEnd);

        var stored = (await sinks.SettingsOfAsync(Langfuse, TestEnd))!;
        Assert.Equal((true, false, collector.Address.ToString()), (stored.IsOn, stored.SeesText, stored.Settings["address"]));
        Assert.NotEqual(Secret, stored.ProtectedSecrets["secretKey"]);
        Assert.DoesNotContain(stored.Settings, setting => setting.Value.Contains(Secret, StringComparison.Ordinal));
        Assert.Null(await sinks.TestAsync(Langfuse, Input(collector.Address, secret: null), TestEnd));
        Assert.DoesNotContain(Secret, kernel.Log.Text, StringComparison.Ordinal);
        if (kind == DatabaseKind.Sqlite)
        {
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(kernel.DatabaseFile)!).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            {
                Assert.DoesNotContain(Secret, await ReadSharedAsync(file), StringComparison.Ordinal);
            }
        }

        await sinks.SaveAsync(Langfuse, Input(collector.Address, secret: "") with { IsOn = false }, TestEnd);
        Assert.False((await sinks.SettingsOfAsync(Langfuse, TestEnd))!.IsOn);
        Assert.Null(await sinks.TestAsync(Langfuse, Input(collector.Address, secret: null), TestEnd));
    }

    [Fact]
    public async Task A_secret_is_never_sent_to_an_address_it_was_not_entered_for()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var sinks = kernel.Get<EventSinks>();
        await sinks.SaveAsync(Langfuse, Input(new Uri("http://127.0.0.1:9")), TestEnd);

        var elsewhere = Input(collector.Address, secret: null);
        Assert.Equal("required", (await Assert.ThrowsAsync<InvalidInputException>(() => sinks.TestAsync(Langfuse, elsewhere, TestEnd))).Fields["secretKey"]);
        Assert.Equal("required", (await Assert.ThrowsAsync<InvalidInputException>(() => sinks.SaveAsync(Langfuse, elsewhere, TestEnd))).Fields["secretKey"]);

        Assert.Equal(0, collector.Requests);
        Assert.Equal("http://127.0.0.1:9/", (await sinks.SettingsOfAsync(Langfuse, TestEnd))!.Settings["address"]);
    }

    [Fact]
    public async Task Bad_input_is_refused_field_by_field_and_an_unknown_sink_is_not_found()
    {
        await using var kernel = await TestKernel.StartAsync();
        var sinks = kernel.Get<EventSinks>();
        var values = new Dictionary<string, string?> { ["address"] = "ftp://x", ["publicKey"] = "a\nb", ["adress"] = "x" };

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => sinks.SaveAsync(Langfuse, new SinkInput(true, true, values), TestEnd));

        Assert.Equal(
            new Dictionary<string, string> { ["address"] = "address", ["publicKey"] = "characters", ["secretKey"] = "required", ["adress"] = "unknown" },
            refused.Fields.ToDictionary());
        Assert.Null(await sinks.SettingsOfAsync(Langfuse, TestEnd));
        await Assert.ThrowsAsync<NotFoundException>(() => sinks.SaveAsync("echo", new SinkInput(true, false, values), TestEnd));
    }

    [Fact]
    public async Task Text_leaves_the_kernel_only_for_a_sink_that_may_see_it_now()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var sinks = kernel.Get<EventSinks>();
        var text = new ModelEventText([new PromptMessage("user", "canary-question")], "canary-answer");

        await sinks.SaveAsync(Langfuse, Input(collector.Address), TestEnd);
        Assert.True(await sinks.SendAsync(Langfuse, [Event() with { Text = text }], TestEnd));
        Assert.DoesNotContain("canary", collector.Received("/api/public/otel/v1/traces"), StringComparison.Ordinal);

        await sinks.SaveAsync(Langfuse, Input(collector.Address) with { SeesText = true }, TestEnd);
        Assert.True(await sinks.SendAsync(Langfuse, [Event() with { Text = text }], TestEnd));
        Assert.Contains("canary-question", collector.Received("/api/public/otel/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("canary-answer", collector.Received("/api/public/otel/v1/traces"), StringComparison.Ordinal);

        await sinks.SaveAsync(Langfuse, Input(collector.Address) with { IsOn = false, SeesText = true }, TestEnd);
        var before = collector.Requests;
        Assert.False(await sinks.SendAsync(Langfuse, [Event() with { Text = text }], TestEnd));
        Assert.Equal(before, collector.Requests);
    }

    [Fact]
    public async Task The_code_of_a_stopped_sink_leaves_the_memory_after_real_use()
    {
        using var folder = new PluginsFolder();
        var version = $"1.1.{Environment.ProcessId}";
        folder.CopyBuilt(Langfuse, version);

        var code = await UseAndStopAsync(folder.Path, version);

        for (var round = 0; round < 50 && Array.Exists(code, context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.All(code, context => Assert.False(context.IsAlive));
    }

    // Not inlined: a local that the compiler keeps would hold what it once pointed at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> UseAndStopAsync(string plugins, string version)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var kernel = await TestKernel.StartAsync(plugins: plugins);
        var code = AssemblyLoadContext.All.Where(context => context.Name?.EndsWith(' ' + version) == true).Select(context => new WeakReference(context, trackResurrection: true)).ToArray();
        Assert.Single(code);
        var sinks = kernel.Get<EventSinks>();
        await sinks.SaveAsync(Langfuse, Input(collector.Address) with { SeesText = true }, TestEnd);
        var text = new ModelEventText([new PromptMessage("user", "Hello?")], "Hello.");
        Assert.True(await sinks.SendAsync(Langfuse, [Event() with { Text = text }, Event()], TestEnd));
        Assert.Equal(2, collector.Spans.Count);
        // Failures carry the code's traces: they must not hold it either.
        collector.Answer = new OtlpAnswer(503, "{}");
        await Assert.ThrowsAsync<ProviderException>(() => sinks.SendAsync(Langfuse, [Event()], TestEnd));
        Assert.NotNull(await sinks.TestAsync(Langfuse, Input(new Uri("http://127.0.0.1:9")), TestEnd));
        foreach (var slot in kernel.Get<PluginHost>().Slots)
        {
            await slot.Exchange(null)!.StopAsync(TimeSpan.FromSeconds(10));
        }

        await Assert.ThrowsAsync<PluginFault>(() => sinks.SendAsync(Langfuse, [Event()], TestEnd));
        return code;
    }

    private static SinkInput Input(Uri address, string? secret = Secret) => new(
        IsOn: true, SeesText: false, new Dictionary<string, string?> { ["address"] = address.ToString(), ["publicKey"] = "pk-lf-1", ["secretKey"] = secret });

    private static ModelEvent Event()
    {
        var id = Guid.CreateVersion7();
        return new ModelEvent
        {
            Id = id,
            Task = ModelTask.Answer,
            TurnId = id,
            ConversationId = Guid.CreateVersion7(),
            AccountId = Guid.CreateVersion7(),
            Outcome = ModelOutcome.Complete,
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(1),
        };
    }

    // The database has it open.
    private static async Task<string> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestEnd);
    }
}
