using System.Net;
using System.Net.Sockets;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.Conformance;

/// <summary>The suite for a provider whose service the scripted upstream can play: both protocols obey the same script.</summary>
public abstract class ScriptedServiceConformance : ModelProviderConformance, IAsyncLifetime
{
    private readonly TcpListener _silentPort = new(IPAddress.Loopback, 0);
    private ScriptedUpstream _upstream = null!;

    /// <summary>What the provider under test sends its requests with.</summary>
    internal PluginHttp Http { get; } = new();

    protected override bool HasSocket => true;

    protected override Task? SocketClosed => _upstream.Requests.LastOrDefault()?.Disconnected;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        Http.Dispose();
        _silentPort.Dispose();
    }

    protected override string? PromptFor(ServiceMove move) => move switch
    {
        ServiceMove.Say => $"[[say=1]] {Words}",
        ServiceMove.SayUnicodeByteByByte => $"[[say=1 split=1]] {UnicodeWords}",
        ServiceMove.Reason => $"[[say=1 re=2]] {Words}",
        ServiceMove.CallTool => "[[tool=weather]]",
        ServiceMove.EndAtLimit => "[[fin=length]]",
        ServiceMove.EndByFilter => "[[fin=content_filter]]",
        ServiceMove.EndWithoutReason => "[[eof=1]]",
        ServiceMove.BreakConnection => "[[cut=2]]",
        ServiceMove.Stall => "[[stall=1]]",
        ServiceMove.SendEndlessLine => $"[[line={2 * 1024 * 1024}]]",
        ServiceMove.SayEndlessly => "[[endless=1 w=10000 b=10]]",
        ServiceMove.SendGarbage => "[[garbage=2]]",
        ServiceMove.FailMidway => "[[err=2]]",
        _ => null,
    };

    protected override (IChatClient Client, string Prompt)? FailingWith(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.HostNotFound => (Connect("http://no-such-host.invalid/v1"), "hi"),
        ProviderErrorKind.Unreachable => (Connect($"http://127.0.0.1:{ClosedPort()}/v1"), "hi"),
        ProviderErrorKind.InsecureConnection => (Connect($"https://127.0.0.1:{_upstream.Address.Port}/v1"), "hi"),
        ProviderErrorKind.Unauthorized => (Connect(), "[[e=401]]"),
        ProviderErrorKind.Forbidden => (Connect(), "[[e=403]]"),
        ProviderErrorKind.EndpointNotFound => (Connect($"{_upstream.Address}/v2/nowhere"), "hi"),
        ProviderErrorKind.InvalidRequest => (Connect(), "[[e=422]]"),
        ProviderErrorKind.RateLimited => (Connect(), "[[e=429]]"),
        ProviderErrorKind.ServiceFailed => (Connect(), "[[e=503]]"),
        ProviderErrorKind.UnexpectedFormat => (Connect(), "[[html=1]]"),
        _ => AnsweredWith(Failure(kind)),
    };

    /// <summary>How the service says a failure for which there is no status of its own.</summary>
    protected abstract UpstreamReply Failure(ProviderErrorKind kind);

    protected override IChatClient Connect() => Connect(_upstream.Address.ToString());

    private (IChatClient Client, string Prompt) AnsweredWith(UpstreamReply reply)
    {
        _upstream.Enqueue(reply);
        return (Connect(), "hi");
    }

    private IChatClient Connect(string address) =>
        Provider.Connect("fake", new SettingsValues(new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = address, ["apiKey"] = "secret" }));

    // Bound but not listening: nothing else can take the port, and connecting to it is refused.
    private int ClosedPort()
    {
        _silentPort.Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)_silentPort.Server.LocalEndPoint!).Port;
    }
}
