using Calango.Core.Plugins;
using Calango.Plugins.OpenAiCompatible;
using Calango.Plugins.Tests.Conformance;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.OpenAiCompatible;

/// <summary>The provider against a scripted upstream of its own.</summary>
public abstract class ProviderTestBase : IAsyncLifetime
{
    private readonly PluginHttp _http = new();

    protected ProviderTestBase() => Provider = new OpenAiCompatibleProvider(_http);

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    protected OpenAiCompatibleProvider Provider { get; }

    protected ScriptedUpstream Upstream { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        _http.Dispose();
    }

    protected SettingsValues Settings(params (string Name, string Value)[] values) =>
        new(values.Prepend(("address", Upstream.Address.ToString())).GroupBy(value => value.Item1, value => value.Item2, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal));

    protected Task<Answer> AskAsync(UpstreamReply reply, ChatOptions? options = null, params ChatMessage[] messages)
    {
        Upstream.Enqueue(reply);
        var client = Provider.Connect("fake", Settings(("apiKey", "secret")));
        return Answer.ReadAsync(client.GetStreamingResponseAsync(messages is [] ? [new ChatMessage(ChatRole.User, "hi")] : messages, options, TestEnd));
    }

    protected static UpstreamReply Events(params ReadOnlySpan<string> events) =>
        new() { RawBody = System.Text.Encoding.UTF8.GetBytes(string.Concat(events.ToArray().Select(data => $"data: {data}\n\n"))) };
}
