using Calango.Core.Errors;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Fetches a package from an address that somebody has named. What it is worth is said by its signature alone.</summary>
internal sealed class RemotePackage(PublicWeb web, PackageInbox inbox)
{
    /// <summary>How much is read, and how long that may take.</summary>
    public static readonly WebLimits Limits = new(PackageLimits.PackageBytes, TimeSpan.FromMinutes(10), "application/octet-stream, */*;q=0.1");

    /// <summary>Fetches one into the inbox and returns where it is.</summary>
    /// <exception cref="RejectedException">It is no address of the public web, or nothing can be had there.</exception>
    public async Task<string> FetchAsync(string text, CancellationToken cancellationToken)
    {
        // Over http only within a network of one's own: on the way from a stranger it would be anybody's.
        if (text.Length > 2000 || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && web.Allows(address))))
        {
            throw new RejectedException("plugin.address.form");
        }

        return await WebFailures.ExplainAsync(address, new("plugin.zip.tooBig", ("limit", PackageLimits.Megabytes(PackageLimits.PackageBytes))), () =>
            web.ReadAsync(address, Limits, (content, ending) => inbox.TakeAsync(content, expected: null, ending), cancellationToken));
    }
}
