using System.Net;
using System.Net.Sockets;

namespace Calango.Web.Hosting;

/// <summary>Sees whether the server can listen where it is to, before it does anything else: the web server would find out last, after all the plugins and the database.</summary>
internal static class Addresses
{
    /// <summary>Takes each address for a moment. What takes it between here and the start is found by the web server.</summary>
    /// <exception cref="StartRefusedException">One cannot be had.</exception>
    public static void Try(IEnumerable<Uri> urls)
    {
        foreach (var url in urls.Where(url => url.Port != 0))
        {
            foreach (var address in HostsOf(url))
            {
                try
                {
                    using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(new IPEndPoint(address, url.Port));
                    socket.Listen();
                }
                // A machine without IPv6 has half of localhost, which is enough.
                catch (SocketException failure) when (url.Host != "localhost" || failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
                {
                    throw new StartRefusedException(
                        $"The server cannot listen at {url.GetLeftPart(UriPartial.Authority)}: {failure.Message.TrimEnd('.')}. Stop what uses it, or name another address in urls (CALANGO_URLS).");
                }
            }
        }
    }

    private static IEnumerable<IPAddress> HostsOf(Uri url) =>
        IPAddress.TryParse(url.DnsSafeHost, out var address) ? [address] : [IPAddress.Loopback, IPAddress.IPv6Loopback];
}
