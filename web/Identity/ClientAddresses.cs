namespace Calango.Web.Identity;

internal static class ClientAddresses
{
    /// <summary>Where a request comes from, as far as the proxies in between are believed.</summary>
    public static string ClientAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
    }
}
