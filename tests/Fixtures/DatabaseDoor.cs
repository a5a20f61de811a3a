using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Calango.Tests.Fixtures;

/// <summary>
/// A way to a test's PostgreSQL over a port of loopback that can be shut: everyone inside is thrown out, and whoever comes
/// is sent away. What a server sees then is a database that went away.
/// </summary>
public sealed class DatabaseDoor : IAsyncDisposable
{
    private readonly string _socket;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _gone = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _inside = [];
    private readonly Task _serving;
    private bool _open;
    private int _sentAway;

    private DatabaseDoor(NpgsqlConnectionStringBuilder behind)
    {
        _socket = Path.Combine(behind.Host!, ".s.PGSQL.5432");
        _listener.Start();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = behind.Username, Database = behind.Database }.ToString();
        _serving = ServeAsync();
    }

    /// <summary>For the server under test.</summary>
    public string ConnectionString { get; }

    /// <summary>How many connections came while it was shut.</summary>
    public int SentAway => Volatile.Read(ref _sentAway);

    /// <summary>Makes one to a database; it is shut.</summary>
    public static DatabaseDoor To(TestDatabase database) => new(new NpgsqlConnectionStringBuilder(database.Options.Postgres));

    /// <summary>Lets connections through.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _open = true;
        }
    }

    /// <summary>Breaks all connections and refuses new ones.</summary>
    public void Shut()
    {
        lock (_lock)
        {
            _open = false;
            _inside.ForEach(socket => socket.Dispose());
            _inside.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _serving;
        Shut();
        _listener.Dispose();
        _gone.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                Receive(await _listener.AcceptSocketAsync(_gone.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The test ends.
        }
    }

    private void Receive(Socket client)
    {
        lock (_lock)
        {
            if (!_open)
            {
                client.Dispose();
                _sentAway++;
                return;
            }

            var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _inside.AddRange([client, server]);
            server.Connect(new UnixDomainSocketEndPoint(_socket));
            _ = PassAsync(client, server);
            _ = PassAsync(server, client);
        }
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }
}
