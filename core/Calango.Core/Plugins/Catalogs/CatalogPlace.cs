using Calango.Core.Errors;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Where a catalog is: a folder of this machine, or an address under which its files are.</summary>
internal sealed class CatalogPlace
{
    private static readonly WebLimits IndexLimits = new(CatalogReader.LargestIndex, TimeSpan.FromSeconds(30), "application/json");

    private readonly Uri? _address;

    private CatalogPlace(string text, Uri? address) => (Text, _address) = (text, address);

    /// <summary>As it is shown, and stored.</summary>
    public string Text { get; }

    /// <exception cref="RejectedException">It is neither.</exception>
    public static CatalogPlace Parse(string text)
    {
        var place = text.Trim();
        if (place.EndsWith('/' + CatalogIndex.FileName, StringComparison.Ordinal))
        {
            place = place[..^(CatalogIndex.FileName.Length + 1)];
        }

        if (place.Length > 500)
        {
            throw new RejectedException("plugin.catalog.place");
        }

        if (Path.IsPathFullyQualified(place) && !place.Contains('\0', StringComparison.Ordinal))
        {
            return new CatalogPlace(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)), null);
        }

        return Uri.TryCreate(place.TrimEnd('/') + '/', UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length + address.Query.Length + address.Fragment.Length == 0
            ? new CatalogPlace(address.AbsoluteUri, address)
            : throw new RejectedException("plugin.catalog.place");
    }

    /// <exception cref="RejectedException">It is not there, not whole, or none.</exception>
    public async Task<CatalogIndex> ReadIndexAsync(PublicWeb web, CancellationToken cancellationToken)
    {
        if (_address is not { } address)
        {
            return CatalogReader.Read(await ReadFileAsync(cancellationToken));
        }

        var found = await WebFailures.ExplainAsync(address, TooBig(), () => web.ReadAsync(new Uri(address, CatalogIndex.FileName), IndexLimits, cancellationToken));
        return CatalogReader.Read(found.Body);
    }

    /// <summary>Hands a package's bytes to <paramref name="take"/>.</summary>
    /// <exception cref="RejectedException">It is not there.</exception>
    public async Task<T> ReadPackageAsync<T>(CatalogVersion version, PublicWeb web, Func<Stream, CancellationToken, Task<T>> take, CancellationToken cancellationToken)
    {
        if (_address is { } address)
        {
            return await WebFailures.ExplainAsync(address, new("plugin.catalog.other"), () =>
                web.ReadAsync(new Uri(address, version.File), RemotePackage.Limits with { MaxBytes = version.Length }, take, cancellationToken));
        }

        try
        {
            await using var file = new FileStream(Path.Combine(Text, version.File), FileMode.Open, FileAccess.Read, FileShare.Read);
            return await take(file, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new RejectedException("plugin.catalog.noPackage", ("file", version.File));
        }
    }

    private static RejectedException TooBig() => new("plugin.catalog.tooBig", ("limit", PackageLimits.Megabytes(CatalogReader.LargestIndex)));

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path.Combine(Text, CatalogIndex.FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > CatalogReader.LargestIndex)
            {
                throw TooBig();
            }

            var json = new byte[file.Length];
            await file.ReadExactlyAsync(json, cancellationToken);
            return json;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RejectedException("plugin.catalog.down", ("place", Text));
        }
    }
}
