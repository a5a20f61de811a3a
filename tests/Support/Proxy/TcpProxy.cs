using System.Net;
using System.Net.Sockets;

namespace Calango.Tests.Support.Proxy;

/// <summary>
/// Stands before a server, on a port of loopback, and does to its connections what networks do: sends them away, keeps
/// silent, is late or slow, breaks them, closes one half of them. Open at first. Thread-safe.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly EndPoint _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _gone = new();
    private readonly Lock _lock = new();
    private readonly HashSet<ProxiedConnection> _inside = [];
    private readonly Task _serving;
    private TaskCompletionSource? _silence;
    private bool _isDown;
    private long _sentAway;
    private long _passed;
    private long _cutAt = long.MaxValue;

    private TcpProxy(EndPoint target)
    {
        _target = target;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The port of 127.0.0.1 on which it stands.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How late each piece is.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How much each connection passes in a second and direction; 0: as much as comes.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>How many connections came while it was down.</summary>
    public long SentAway => Interlocked.Read(ref _sentAway);

    /// <summary>How many connections go through it now.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
            {
                return _inside.Count;
            }
        }
    }

    /// <summary>Stands before a TCP or Unix socket.</summary>
    public static TcpProxy To(EndPoint target) => new(target);

    /// <summary>Lets everything through again, what was held back in silence first, and forgets a cut that is still to come.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isDown = false;
            _cutAt = long.MaxValue;
            _silence?.TrySetResult();
            _silence = null;
        }
    }

    /// <summary>Breaks all connections and sends new ones away, as a machine does whose server is gone.</summary>
    public void Shut()
    {
        lock (_lock)
        {
            _isDown = true;
        }

        Cut();
    }

    /// <summary>Keeps all connections and takes new ones, and passes nothing more, as a network does that lost its way.</summary>
    public void FallSilent()
    {
        lock (_lock)
        {
            _silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Breaks all connections; new ones go through.</summary>
    public void Cut()
    {
        foreach (var connection in Connections())
        {
            connection.Reset();
        }
    }

    /// <summary>Breaks all connections once so many bytes more have come from the server, wherever in a message that is.</summary>
    public void CutAfter(long bytes)
    {
        lock (_lock)
        {
            _cutAt = _passed + bytes;
        }
    }

    /// <summary>Whether a cut that was asked for is still to come.</summary>
    public bool WillCut
    {
        get
        {
            lock (_lock)
            {
                return _cutAt < long.MaxValue;
            }
        }
    }

    /// <summary>Tells the clients of all connections that nothing more will come, and lets them speak on.</summary>
    public void HalfClose()
    {
        foreach (var connection in Connections())
        {
            connection.HalfClose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _serving;
        Open();
        Cut();
        _listener.Dispose();
        _gone.Dispose();
    }

    /// <summary>Waits as long as a piece has to wait.</summary>
    internal async ValueTask HoldAsync(int bytes)
    {
        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency);
        }

        if (BytesPerSecond > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)bytes / BytesPerSecond));
        }

        if (Volatile.Read(ref _silence) is { } silence)
        {
            await silence.Task;
        }
    }

    /// <summary>How much of a piece from the server goes on before everything is cut; null: all.</summary>
    internal int? CountFromServer(int bytes)
    {
        lock (_lock)
        {
            var left = _cutAt - _passed;
            _passed += bytes;
            if (left > bytes)
            {
                return null;
            }

            _cutAt = long.MaxValue;
            return (int)Math.Max(0, left);
        }
    }

    internal void Leave(ProxiedConnection connection)
    {
        lock (_lock)
        {
            _inside.Remove(connection);
        }
    }

    private List<ProxiedConnection> Connections()
    {
        lock (_lock)
        {
            return [.. _inside];
        }
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
            if (_isDown)
            {
                client.Close(0);
                _sentAway++;
                return;
            }

            var connection = new ProxiedConnection(this, client);
            _inside.Add(connection);
            _ = connection.RunAsync(_target);
        }
    }
}
