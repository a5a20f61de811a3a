using System.Net;
using System.Net.Sockets;

namespace Calango.Tests.Support.Proxy;

/// <summary>One connection through a proxy: what comes on one side goes out on the other.</summary>
internal sealed class ProxiedConnection(TcpProxy proxy, Socket client)
{
    private const int LargestPiece = 16 * 1024;

    // What is slow comes in small pieces, not in large ones with long pauses.
    private const int PiecesPerSecond = 20;

    private Socket? _server;
    private volatile bool _isHalfClosed;

    /// <summary>Passes everything on until both sides have said their last word or something breaks.</summary>
    public async Task RunAsync(EndPoint target)
    {
        try
        {
            _server = target is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            await _server.ConnectAsync(target);
            await Task.WhenAll(PassAsync(client, _server, fromServer: false), PassAsync(_server, client, fromServer: true));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One of the two has gone, or was cut off.
        }

        Reset();
        proxy.Leave(this);
    }

    /// <summary>Breaks it off.</summary>
    public void Reset()
    {
        client.Close(0);
        _server?.Close(0);
    }

    /// <summary>Tells the client that the server has nothing more to say.</summary>
    public void HalfClose()
    {
        try
        {
            _isHalfClosed = true;
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has gone by itself.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool fromServer)
    {
        var buffer = new byte[LargestPiece];
        try
        {
            while (true)
            {
                var most = proxy.BytesPerSecond > 0 ? Math.Clamp(proxy.BytesPerSecond / PiecesPerSecond, 1, LargestPiece) : LargestPiece;
                var count = await from.ReceiveAsync(buffer.AsMemory(0, most));
                await proxy.HoldAsync(count);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                var cut = fromServer ? proxy.CountFromServer(count) : null;
                if (!fromServer || !_isHalfClosed)
                {
                    await SendAsync(to, buffer.AsMemory(0, cut ?? count));
                }

                if (cut is not null)
                {
                    proxy.Cut();
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other direction must hear of it, even if nothing moves there.
            Reset();
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> piece)
    {
        while (piece.Length > 0)
        {
            piece = piece[await to.SendAsync(piece)..];
        }
    }
}
