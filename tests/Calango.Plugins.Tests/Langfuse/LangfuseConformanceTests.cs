using System.Net;
using System.Net.Sockets;
using Calango.Core.Plugins;
using Calango.Plugins.Langfuse;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;

namespace Calango.Plugins.Tests.Langfuse;

public sealed class LangfuseConformanceTests : EventSinkConformance, IAsyncLifetime
{
    private readonly PluginHttp _http = new();
    private readonly TcpListener _closing = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _held = new();
    private OtlpCollector _collector = null!;

    public LangfuseConformanceTests() => Sink = new LangfuseSink(_http);

    protected override IEventSink Sink { get; }

    protected override SettingsValues Settings => At(_collector.Address.ToString());

    protected override string Secret => "sk-lf-canary-5512";

    protected override string Taken => _collector.Received("/api/public/otel/v1/traces");

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _collector.Credentials = ("pk-lf-1", Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _held.TrySetResult();
        await _collector.DisposeAsync();
        _closing.Dispose();
        _http.Dispose();
    }

    protected override SettingsValues? FailingWith(ProviderErrorKind kind)
    {
        switch (kind)
        {
            case ProviderErrorKind.HostNotFound:
                return At("http://no-such-host.invalid");
            case ProviderErrorKind.Unreachable:
                return At($"http://127.0.0.1:{ClosedPort()}");
            case ProviderErrorKind.InsecureConnection:
                return At($"https://127.0.0.1:{_collector.Address.Port}");
            case ProviderErrorKind.ConnectionLost:
                return At($"http://127.0.0.1:{PortThatHangsUp()}");
            case ProviderErrorKind.Unauthorized:
                _collector.Credentials = ("pk-lf-1", "another");
                return Settings;
        }

        _collector.Answer = kind switch
        {
            ProviderErrorKind.Forbidden => Saying(403),
            ProviderErrorKind.EndpointNotFound => Saying(404),
            ProviderErrorKind.InvalidRequest => Saying(400),
            ProviderErrorKind.RateLimited => Saying(429),
            ProviderErrorKind.ServiceFailed => Saying(503),
            ProviderErrorKind.UnexpectedFormat => new OtlpAnswer(200, $"<html>{Secret}</html>", "text/html"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return Settings;
    }

    protected override bool AskToWait(TimeSpan time)
    {
        _collector.Answer = new OtlpAnswer(429, "{}", RetryAfter: $"{time.TotalSeconds}");
        return true;
    }

    protected override bool Stall()
    {
        _collector.Answer = new OtlpAnswer(200, "{}") { Held = _held.Task };
        return true;
    }

    private OtlpAnswer Saying(int status) => new(status, $$"""{"message":"Not with {{Secret}}."}""");

    private SettingsValues At(string address) =>
        new(new Dictionary<string, string> { ["address"] = address, ["publicKey"] = "pk-lf-1", ["secretKey"] = Secret });

    // Bound but not listening: nothing else can take the port, and connecting to it is refused.
    private int ClosedPort()
    {
        _closing.Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)_closing.LocalEndpoint).Port;
    }

    private int PortThatHangsUp()
    {
        _closing.Start();
        _ = _closing.AcceptTcpClientAsync().ContinueWith(accepted => HangUpAsync(accepted), TaskScheduler.Default);
        return ((IPEndPoint)_closing.LocalEndpoint).Port;
    }

    // Once something of the request is there: before that, the client would take it for a connection that was never used, and try again.
    private static async Task HangUpAsync(Task<TcpClient> accepted)
    {
        using var client = await accepted;
        await client.GetStream().ReadExactlyAsync(new byte[1]);
    }
}
