using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Reads npm tarballs. Only names that the catalogue knows are looked at; a name in the archive is never a path here.
internal static class Tarball
{
    // Appends the one wanted file.
    public static async Task CopyEntryAsync(string path, CatalogueEntry wanted, Stream output, IncrementalHash whole, CancellationToken cancellationToken)
    {
        await using var tarball = File.OpenRead(path);
        await foreach (var entry in FilesAsync(tarball, cancellationToken))
        {
            if (entry.Name == wanted.Path && entry.Length == wanted.Bytes)
            {
                using var part = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await CopyAsync(entry.DataStream!, output, [part, whole], cancellationToken);
                if (Convert.ToHexStringLower(part.GetCurrentHash()) == wanted.Sha256)
                {
                    return;
                }

                break;
            }
        }

        throw new LocalModelException(LocalModelErrorKind.ChecksumMismatch, $"{wanted.Path} is missing or has another SHA-256.");
    }

    public static async Task CopyFileAsync(string path, Stream output, IncrementalHash whole, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await CopyAsync(file, output, [whole], cancellationToken);
    }

    // Writes the files that lie directly in one folder of the archive.
    public static async Task ExtractFolderAsync(string path, string folder, string target, CancellationToken cancellationToken)
    {
        await using var tarball = File.OpenRead(path);
        await foreach (var entry in FilesAsync(tarball, cancellationToken))
        {
            if (!entry.Name.StartsWith(folder, StringComparison.Ordinal) || !IsPlainName(entry.Name[folder.Length..]))
            {
                continue;
            }

            await using var file = new FileStream(Path.Combine(target, entry.Name[folder.Length..]), FileMode.CreateNew);
            await CopyAsync(entry.DataStream ?? Stream.Null, file, [], cancellationToken);
        }
    }

    private static async IAsyncEnumerable<TarEntry> FilesAsync(
        Stream tarball, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var unzipped = new GZipStream(tarball, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                yield return entry;
            }
        }
    }

    private static bool IsPlainName(string name) =>
        name is not ("" or "." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static async Task CopyAsync(Stream from, Stream to, IncrementalHash[] hashes, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        for (int count; (count = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            foreach (var hash in hashes)
            {
                hash.AppendData(buffer, 0, count);
            }

            try
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            catch (IOException exception)
            {
                throw Disk.Failure(exception);
            }
        }
    }
}
