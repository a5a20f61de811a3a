using System.Security.Cryptography;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Packages that were handed in or fetched, until they are consented to: by their digest, and for an hour.</summary>
internal sealed class PackageInbox(StoreFolders folders, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The file of a package that was looked at; null: it is not there, or no longer.</summary>
    public string? Find(string digest) =>
        digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower) && File.Exists(folders.InspectedFile(digest)) ? folders.InspectedFile(digest) : null;

    /// <summary>Keeps what comes, up to the size that a package may have, and returns where.</summary>
    /// <param name="package">Its bytes.</param>
    /// <param name="expected">What a catalog says of it; null: nobody has said anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">It is too big, or another than was expected.</exception>
    public async Task<string> TakeAsync(Stream package, CatalogVersion? expected, CancellationToken cancellationToken)
    {
        folders.Create();
        RemoveOld();
        var half = Path.Combine(folders.Staging, $"{Guid.CreateVersion7():N}.coming");
        try
        {
            string digest;
            await using (var file = new FileStream(half, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                digest = await CopyAsync(package, file, cancellationToken);
                if (expected is not null && expected.Digest != digest)
                {
                    throw new RejectedException(file.Length < expected.Length ? "plugin.catalog.half" : "plugin.catalog.other");
                }
            }

            File.Move(half, folders.InspectedFile(digest), overwrite: true);
            return folders.InspectedFile(digest);
        }
        finally
        {
            File.Delete(half);
        }
    }

    private static async Task<string> CopyAsync(Stream package, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        long total = 0;
        while (await package.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            total += count;
            if (total > PackageLimits.PackageBytes)
            {
                throw new RejectedException("plugin.zip.tooBig", ("limit", PackageLimits.Megabytes(PackageLimits.PackageBytes)));
            }

            hash.AppendData(buffer.AsSpan(0, count));
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void RemoveOld()
    {
        foreach (var file in Directory.GetFiles(folders.Staging).Where(file => File.GetLastWriteTimeUtc(file) < clock.GetUtcNow() - Kept))
        {
            File.Delete(file);
        }
    }
}
