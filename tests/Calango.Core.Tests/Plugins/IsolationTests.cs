using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Tests.UnrulyDouble;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

/// <summary>A plugin in a process of its own does its work, sees nothing that isn't its own, and takes nobody along.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private readonly PluginsFolder _start = new();
    private readonly PluginsFolder _later = new();
    private TestKernel _kernel = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private PluginHost Host => _kernel.Get<PluginHost>();

    private PluginStatus Unruly => Host.Plugins.Single(plugin => plugin.Id == UnrulyProvider.ProviderId);

    public async ValueTask InitializeAsync()
    {
        _kernel = await TestKernel.StartAsync(plugins: _start.Path, loadLimit: TimeSpan.FromSeconds(5), isolates: true);
        Assert.SkipWhen(_kernel.Get<Sandbox>().Refusal is not null, "No plugin can be isolated on this machine.");
    }

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _start.Dispose();
        _later.Dispose();
    }

    [Fact]
    public async Task It_answers_token_by_token_however_many_there_are_and_a_swap_cuts_none()
    {
        await ActivateAsync("1.0.0");
        Assert.InRange(Unruly.ProcessMemoryBytes!.Value, 10_000_000, 300_000_000);

        var many = AskAsync("say token 50000");
        await ActivateAsync("1.1.0");
        Assert.Equal("1.1.0", Unruly.Manifest!.Version);
        Assert.Equal(50_000, (await many).Count(update => update.Text == "token"));
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        await Eventually.HoldsAsync("the process of the version before is gone", () => Task.FromResult(Unruly.Others.Count == 0), TestEnd);
        Assert.Null(Unruly.LastError);
    }

    [Fact]
    public async Task An_answer_that_nobody_takes_waits_in_its_process_and_holds_up_no_other()
    {
        await ActivateAsync("1.0.0");
        using var lease = Lease();
        await using var slow = Connect(lease).GetStreamingResponseAsync("say " + new string('x', 1000) + " 5000", cancellationToken: TestEnd).GetAsyncEnumerator(TestEnd);
        Assert.True(await slow.MoveNextAsync());
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        var taken = 1;
        while (await slow.MoveNextAsync())
        {
            taken++;
        }

        Assert.Equal(5000, taken);
    }

    [Fact]
    public async Task Its_embedding_models_are_listed_count_tokens_and_refuse_what_is_too_long()
    {
        await ActivateAsync("1.0.0");
        using var lease = Lease();
        var (embeddings, settings) = (lease.Provider(UnrulyProvider.ProviderId).Embeddings!, new SettingsValues(new Dictionary<string, string>()));

        var model = Assert.Single(await embeddings.ListAsync(settings, TestEnd));
        var vectors = await embeddings.EmbedAsync(model.Id, settings, ["one two", "three"], null, TestEnd);
        var refusal = await Assert.ThrowsAsync<ProviderException>(() => embeddings.EmbedAsync(model.Id, settings, ["1 2 3 4 5 6 7 8 9"], null, TestEnd));

        Assert.Equal(("counts", 8, 2, "counts/2", "en pt-BR", true), (model.Id, model.WindowTokens, model.Dimensions, model.Fingerprint, string.Join(' ', model.Languages), model.OnPremises));
        Assert.Equal([[2, 6], [1, 5]], vectors.Vectors);
        Assert.Equal([3, 0], await embeddings.CountTokensAsync(model.Id, settings, ["a b c", ""], TestEnd));
        Assert.Null(await embeddings.CountTokensAsync("another", settings, ["a"], TestEnd));
        Assert.Equal(ProviderErrorKind.TextTooLong, refusal.Kind);
    }

    [Fact]
    public async Task It_reads_and_writes_its_own_data_and_nothing_else()
    {
        await ActivateAsync("1.0.0");
        Assert.Equal("here", await AnswerAsync("write data"));
        Assert.Equal("here", await File.ReadAllTextAsync(Path.Combine(_kernel.Folder, "plugins", "data", UnrulyProvider.ProviderId, "note"), TestEnd));

        var secret = Path.Combine(_kernel.Folder, "key");
        await File.WriteAllTextAsync(secret, "secret", TestEnd);
        foreach (var asked in new[] { $"read {secret}", $"read {_kernel.DatabaseFile}", "read /etc/passwd", $"list {TestFolders.Repository}/docs", "write /usr/note" })
        {
            Assert.EndsWith("Exception", await AnswerAsync(asked), StringComparison.Ordinal);
        }

        // Its temporary folder is another one than the server's.
        await AnswerAsync($"write {secret}");
        Assert.Equal("secret", await File.ReadAllTextAsync(secret, TestEnd));
        Assert.DoesNotContain(Environment.ProcessId.ToString(), (await AnswerAsync("list /proc")).Split(' '));
        Assert.Empty((await AnswerAsync("environment")).Split(' ').Where(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal)).Except(["HOME", "LANG", "PATH", "PWD"]));
        Assert.Equal(nameof(ChildProcessException), await AnswerAsync("run /usr/bin/true"));
    }

    [Fact]
    public async Task It_has_no_network_but_what_the_server_reaches_for_it()
    {
        await using var service = await ScriptedUpstream.StartAsync();
        var address = $"{service.Address}/models";
        var entered = new SettingsValues(new Dictionary<string, string> { ["address"] = service.Address.ToString() });

        await ActivateAsync("1.0.0", network: [service.Address.Host]);
        Assert.Equal(nameof(SocketException), await AnswerAsync($"connect {IPAddress.Loopback} {service.Address.Port}"));
        // Its manifest names it, but it is no address of the public web.
        Assert.Equal(nameof(ProviderException), await AnswerAsync($"get {address}"));
        Assert.Equal(nameof(ProviderException), await AnswerAsync($"get {address}", entered));

        await ActivateAsync("1.1.0", network: ["*"]);
        Assert.Equal(nameof(ProviderException), await AnswerAsync($"get {address}"));
        Assert.Contains("\"data\"", await AnswerAsync($"get {address}", entered), StringComparison.Ordinal);
        Assert.Equal(nameof(ProviderException), await AnswerAsync($"get http://localhost.:{service.Address.Port}/v1/models", entered));
    }

    [Fact]
    public async Task A_request_that_is_too_large_fails_alone()
    {
        await using var service = await ScriptedUpstream.StartAsync();
        var entered = new SettingsValues(new Dictionary<string, string> { ["address"] = service.Address.ToString() });
        await ActivateAsync("1.0.0", network: ["*"]);
        Assert.Equal("refused", await AnswerAsync($"post {service.Address}/models {16_000_000}", entered));
        Assert.Equal(nameof(ProviderException), await AnswerAsync($"post {service.Address}/models {17_000_000}", entered));
        Assert.Null(Unruly.LastError);
    }

    [Fact]
    public async Task R22_A_process_that_answers_nothing_any_more_is_replaced_and_it_is_said()
    {
        await ActivateAsync("1.0.0");
        foreach (var process in Directory.GetDirectories("/proc").Where(IsOfThisKernel))
        {
            Assert.Equal(0, Signal(int.Parse(Path.GetFileName(process)), SigStop));
        }

        Assert.Equal(PluginFault.ProcessEndedType, (await Assert.ThrowsAsync<PluginFault>(() => AnswerAsync("nonsense").WaitAsync(TimeSpan.FromSeconds(20), TestEnd))).ExceptionType);
        await Eventually.HoldsAsync("it is said", () => Task.FromResult(Unruly.LastError is not null), TestEnd);
        Assert.Equal((PluginErrorKind.ProcessEnded, "it did not answer for 10 s"), (Unruly.LastError!.Kind, Unruly.LastError.What));
        Assert.Equal("what?", await AnswerAsync("nonsense"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R22_A_process_that_never_calls_back_or_calls_and_says_nothing_is_a_rejection_and_is_gone(bool calls)
    {
        var silent = TestFolders.NewTemporary("silent");
        SilentProcess.Write(silent, calls);
        await _kernel.DisposeAsync();
        _kernel = await TestKernel.StartAsync(plugins: _start.Path, loadLimit: TimeSpan.FromSeconds(4), processFolder: silent);
        var rejected = await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateAsync("1.0.0"));
        Assert.Equal("it did not finish loading within 4 s (step: Load)", rejected.Message);
        Assert.Equal((PluginState.Failed, rejected.Message), (Unruly.State, Unruly.Reason));
        await Eventually.HoldsAsync("its process is gone", () => Task.FromResult(ProcessesOfPlugins() == 0), TestEnd);
        TestFolders.Delete(silent);
    }

    [Theory]
    [InlineData("load")]
    [InlineData("start")]
    [InlineData("health")]
    public async Task R22_Whatever_it_does_before_it_serves_the_version_before_goes_on(string place)
    {
        await ActivateAsync("1.0.0");
        var version = 0;
        foreach (var deed in new[] { "throw", "hang", "spin", "overflow", "failfast", "exit", "eat", "thread" })
        {
            var rejected = await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateAsync($"2.0.{version++}", misdeeds: $"{place} {deed}"));
            Assert.Contains(deed switch
            {
                "throw" => nameof(InvalidOperationException),
                "hang" or "spin" => "did not finish loading",
                "overflow" => "a stack overflow",
                "failfast" => "FailFast",
                "exit" => "exit code 3",
                "eat" => "emory",
                _ => nameof(NotSupportedException),
            }, rejected.Message, StringComparison.Ordinal);
            Assert.Equal(("1.0.0", PluginState.Active), (Unruly.Manifest!.Version, Unruly.State));
            Assert.Equal("what?", await AnswerAsync("nonsense"));
        }

        await Eventually.HoldsAsync("no process is left but that of the version that serves", () => Task.FromResult(ProcessesOfPlugins() == 1), TestEnd);
    }

    [Theory]
    [InlineData("throw", nameof(InvalidOperationException))]
    [InlineData("overflow", PluginFault.ProcessEndedType)]
    [InlineData("failfast", PluginFault.ProcessEndedType)]
    [InlineData("exit", PluginFault.ProcessEndedType)]
    [InlineData("eat", "emory")]
    [InlineData("thread", PluginFault.ProcessEndedType)]
    public async Task R22_Whatever_it_does_in_a_call_only_its_own_calls_fail_and_it_is_started_again(string deed, string fault)
    {
        await ActivateAsync("1.0.0");
        var failed = await Assert.ThrowsAsync<PluginFault>(() => AnswerAsync($"do {deed}"));
        Assert.Contains(fault, deed == "eat" && failed.ExceptionType == PluginFault.ProcessEndedType ? "emory" : failed.ExceptionType, StringComparison.Ordinal);
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        Assert.Equal(PluginState.Active, Unruly.State);
        Assert.NotNull(Unruly.LastError);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("deaf")]
    [InlineData("do hang")]
    [InlineData("do spin")]
    public async Task R22_A_call_that_is_given_up_ends_at_once_for_whoever_made_it(string asked)
    {
        await ActivateAsync("1.0.0");
        using var lease = Lease();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        await using var answer = Connect(lease).GetStreamingResponseAsync(asked, cancellationToken: given.Token).GetAsyncEnumerator(given.Token);
        Assert.True(await answer.MoveNextAsync());
        var next = answer.MoveNextAsync().AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(2), TestEnd));
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        if (asked != "wait")
        {
            await Eventually.HoldsAsync("the process that does not heed it is replaced", () => Task.FromResult(Unruly.LastError is { Kind: PluginErrorKind.ProcessEnded }), TestEnd);
            Assert.Contains("nobody waited for", Unruly.LastError!.What, StringComparison.Ordinal);
            Assert.Equal("what?", await AnswerAsync("nonsense"));
        }
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("hang")]
    [InlineData("wait")]
    [InlineData("spin")]
    [InlineData("overflow")]
    [InlineData("failfast")]
    [InlineData("exit")]
    [InlineData("eat")]
    public async Task R22_Whatever_it_does_when_it_is_to_stop_it_is_gone(string deed)
    {
        await ActivateAsync("1.0.0", misdeeds: $"stop {deed}");
        await Host.DeactivateAsync(UnrulyProvider.ProviderId, now: false, _ => { }, TestEnd);
        Assert.Equal(PluginState.Unloaded, Unruly.State);
        Assert.Equal(0, ProcessesOfPlugins());
    }

    [Fact]
    public async Task One_that_ends_again_and_again_is_taken_out_of_service_and_says_why()
    {
        await ActivateAsync("1.0.0");
        for (var time = 0; time < 4; time++)
        {
            await Assert.ThrowsAsync<PluginFault>(() => AnswerAsync("do exit"));
        }

        await Eventually.HoldsAsync("it serves no longer", () => Task.FromResult(Unruly.State == PluginState.Failed), TestEnd);
        Assert.Contains("4 times within 5 minutes", Unruly.Reason, StringComparison.Ordinal);
        Assert.Contains("exit code 3", Unruly.Reason, StringComparison.Ordinal);
        Assert.Null(Host.LeaseProvider(UnrulyProvider.ProviderId));
        await ActivateAsync("1.0.1");
        Assert.Equal("what?", await AnswerAsync("nonsense"));
    }

    private const int SigStop = 19;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private int ProcessesOfPlugins() => Directory.GetDirectories("/proc").Count(process => IsOfThisKernel(process));

    private bool IsOfThisKernel(string process)
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(process, "cmdline"));
            return command.StartsWith("/usr/bin/bwrap", StringComparison.Ordinal) is false
                && command.Contains("Calango.PluginProcess.dll", StringComparison.Ordinal) && command.Contains(_kernel.Folder, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Task ActivateAsync(string version, string[]? network = null, params string[] misdeeds)
    {
        var folder = _later.AddUnruly(version, network ?? [], misdeeds);
        return Host.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: true, _ => { }, TestEnd);
    }

    private PluginLease Lease() => Host.LeaseProvider(UnrulyProvider.ProviderId)!;

    private static IChatClient Connect(PluginLease lease, SettingsValues? settings = null) =>
        lease.Generation.Providers.Single().Connect(UnrulyProvider.ModelId, settings ?? new SettingsValues(new Dictionary<string, string>()));

    private async Task<string> AnswerAsync(string text, SettingsValues? settings = null) =>
        string.Concat((await AskAsync(text, settings)).Select(update => update.Text))["Well: ".Length..];

    private async Task<List<ChatResponseUpdate>> AskAsync(string text, SettingsValues? settings = null)
    {
        using var lease = Lease();
        return await Connect(lease, settings).GetStreamingResponseAsync(text, cancellationToken: TestEnd).ToListAsync(TestEnd);
    }
}
