using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Calango.Tests.Support.Mail;

/// <summary>A mail server on loopback that speaks SMTP (RFC 5321), with STARTTLS or TLS where it has a certificate, and does what a test says.</summary>
public sealed class ScriptedMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _talks = [];
    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly Task _accepting;

    private ScriptedMailServer(int port, X509Certificate2? certificate, bool beginsSealed)
    {
        (Certificate, BeginsSealed) = (certificate, beginsSealed);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it has taken, in the order in which it came.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>The commands that it was given, without what a password is in.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>What it answers to a command instead of its own answer; null: its own. The end of a message is the command <c>.</c></summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>Waited for before a message is taken.</summary>
    public Task BeforeTaking { get; set; } = Task.CompletedTask;

    /// <summary>Waited for once a message is taken, before that is said.</summary>
    public Task BeforeSaying { get; set; } = Task.CompletedTask;

    /// <summary>Who may send, as <c>user:password</c>; null: anybody.</summary>
    public string? SignIn { get; set; }

    private X509Certificate2? Certificate { get; }

    private bool BeginsSealed { get; }

    /// <summary>Starts one.</summary>
    /// <param name="port">Where; 0: wherever there is room.</param>
    /// <param name="certificate">With what the way there is sealed; null: it isn't.</param>
    /// <param name="beginsSealed">Whether it is from the first byte.</param>
    public static ScriptedMailServer Start(int port = 0, X509Certificate2? certificate = null, bool beginsSealed = false) => new(port, certificate, beginsSealed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_talks);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        await using var cut = _stop.Token.Register(client.Close);
        try
        {
            Stream stream = client.GetStream();
            if (BeginsSealed)
            {
                stream = await SealAsync(stream);
            }

            await new Talk(this, stream).RunAsync();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            // Whoever called has hung up, or does not trust the certificate.
        }
    }

    private async Task<Stream> SealAsync(Stream stream)
    {
        var sealedStream = new SslStream(stream);
        await sealedStream.AuthenticateAsServerAsync(Certificate!);
        return sealedStream;
    }

    private sealed class Talk(ScriptedMailServer server, Stream stream)
    {
        private Stream _stream = stream;
        private bool _isSealed = server.BeginsSealed;
        private bool _isIn;
        private string _from = "";
        private List<string> _to = [];

        public async Task RunAsync()
        {
            await SayAsync(server.Answer("connect") ?? "220 scripted ESMTP");
            while (await ReadLineAsync() is { } line)
            {
                server._commands.Enqueue(line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase) ? "AUTH" : line);
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (server.Answer(line) is { } scripted)
                {
                    await SayAsync(scripted);
                    if (scripted.StartsWith("421", StringComparison.Ordinal))
                    {
                        return;
                    }
                }
                else if (verb == "STARTTLS" && server.Certificate is not null)
                {
                    await SayAsync("220 go on");
                    (_stream, _isSealed) = (await server.SealAsync(_stream), true);
                }
                else if (verb == "DATA")
                {
                    await TakeAsync();
                }
                else
                {
                    await SayAsync(AnswerTo(verb, line));
                    if (verb == "QUIT")
                    {
                        return;
                    }
                }
            }
        }

        private string AnswerTo(string verb, string line) => verb switch
        {
            "EHLO" or "HELO" => string.Join("\r\n", Abilities()),
            "AUTH" => Let(line),
            "MAIL" when server.SignIn is not null && !_isIn => "530 5.7.0 sign in first",
            "MAIL" => Begin(line),
            "RCPT" => Add(line),
            "RSET" or "NOOP" => "250 fine",
            "QUIT" => "221 goodbye",
            _ => "502 unknown",
        };

        private IEnumerable<string> Abilities()
        {
            yield return "250-scripted";
            if (server.Certificate is not null && !_isSealed)
            {
                yield return "250-STARTTLS";
            }

            if (server.SignIn is not null)
            {
                yield return "250-AUTH PLAIN";
            }

            yield return "250 8BITMIME";
        }

        private string Let(string line)
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0');
            _isIn = $"{parts[1]}:{parts[2]}" == server.SignIn;
            return _isIn ? "235 welcome" : "535 5.7.8 no";
        }

        private string Begin(string line)
        {
            (_from, _to) = (AddressIn(line), []);
            return "250 fine";
        }

        private string Add(string line)
        {
            _to.Add(AddressIn(line));
            return "250 fine";
        }

        private async Task TakeAsync()
        {
            await SayAsync("354 go on");
            var text = new StringBuilder();
            while (await ReadLineAsync() is { } line and not ".")
            {
                text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            }

            await server.BeforeTaking;
            if (server.Answer(".") is { } refused)
            {
                await SayAsync(refused);
                return;
            }

            server._received.Enqueue(new ReceivedMail(_from, _to, text.ToString()));
            await server.BeforeSaying.WaitAsync(server._stop.Token);
            await SayAsync("250 taken");
        }

        private async Task SayAsync(string line)
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), server._stop.Token);
            await _stream.FlushAsync(server._stop.Token);
        }

        private async Task<string?> ReadLineAsync()
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await _stream.ReadAsync(one, server._stop.Token) == 1)
            {
                if (one[0] == '\n')
                {
                    return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                }

                line.Add(one[0]);
            }

            return null;
        }

        private static string AddressIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
    }
}
