using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Calango.Web.Tests.Models;

/// <summary>Something that accepts connections and is no model service.</summary>
internal sealed class OddService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _serving;

    private OddService(Func<Stream, Task> greet)
    {
        _listener.Start();
        _serving = ServeAsync(greet);
    }

    /// <summary>Host and port.</summary>
    public string Authority => _listener.LocalEndpoint.ToString()!;

    /// <summary>Speaks TLS with a certificate that it made itself.</summary>
    public static OddService WithUntrustedCertificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return new OddService(stream => new SslStream(stream).AuthenticateAsServerAsync(certificate));
    }

    /// <summary>Accepts, and says nothing.</summary>
    public static OddService ThatNeverAnswers() => new(_ => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _clients.ForEach(client => client.Dispose());
        _stopping.Dispose();
    }

    private async Task ServeAsync(Func<Stream, Task> greet)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _clients.Add(client);
                await greet(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The test ends, or the other side would not have the certificate.
        }
    }
}
