using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.Conformance;

/// <summary>A provider against a scripted upstream of its own.</summary>
public abstract class ProviderTestBase<TProvider> : IAsyncLifetime where TProvider : IModelProvider
{
    private readonly PluginHttp _http = new();

    protected ProviderTestBase(Func<IPluginHttp, TProvider> provider) => Provider = provider(_http);

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    protected TProvider Provider { get; }

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
}
