using System.Globalization;
using Calango.Core.Errors;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Says to a person why an address that they have named could not be read.</summary>
internal static class WebFailures
{
    /// <param name="address">What is read; its host is named.</param>
    /// <param name="tooBig">What to say where there is more than may be read.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="RejectedException">It could not be read.</exception>
    public static async Task<T> ExplainAsync<T>(Uri address, RejectedException tooBig, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ProviderException failure)
        {
            (string, string) host = ("host", address.Authority);
            throw failure switch
            {
                { Kind: ProviderErrorKind.StreamTooLarge } => tooBig,
                { StatusCode: { } status } => new RejectedException("plugin.web.status", host, ("status", status.ToString(CultureInfo.InvariantCulture))),
                { Kind: ProviderErrorKind.Forbidden } => new RejectedException("plugin.web.notPublic", host),
                { Kind: ProviderErrorKind.HostNotFound } => new RejectedException("plugin.web.noName", host),
                { Kind: ProviderErrorKind.InsecureConnection } => new RejectedException("plugin.web.insecure", host),
                { Kind: ProviderErrorKind.TimedOut } => new RejectedException("plugin.web.slow", host),
                _ => new RejectedException("plugin.web.down", host),
            };
        }
    }
}
