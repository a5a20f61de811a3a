using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>
/// A blob's file: one line of 256 bytes that says what it is, its length and its digest, and then its bytes. In one file, so
/// that one rename puts all of it there.
/// </summary>
internal static class BlobFile
{
    public const int HeaderLength = 256;

    private const int MaxContentType = 100;
    private const string Form = "calango-blob 1";

    public static async Task<BlobInfo> WriteAsync(FileStream file, string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        if (contentType.Length > MaxContentType || contentType.Any(character => character is <= ' ' or > '~'))
        {
            throw new BlobException(BlobErrorKind.InvalidSettings);
        }

        file.Position = HeaderLength;
        var (length, digest) = await CopyAsync(content, file, cancellationToken).ConfigureAwait(false);
        var line = string.Create(CultureInfo.InvariantCulture, $"{Form} {digest} {length} {contentType}");
        file.Position = 0;
        await file.WriteAsync(Encoding.ASCII.GetBytes(line.PadRight(HeaderLength - 1) + "\n"), cancellationToken).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
        return new BlobInfo(key, length, contentType, digest);
    }

    /// <exception cref="BlobException"><see cref="BlobErrorKind.Damaged"/>: it is no such file, or not a whole one.</exception>
    public static async Task<BlobInfo> ReadInfoAsync(FileStream file, string key, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        var count = await file.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var words = Encoding.ASCII.GetString(header, 0, count).TrimEnd().Split(' ');
        return words is ["calango-blob", "1", { Length: 64 } digest, var text, var contentType]
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && file.Length == HeaderLength + length
            ? new BlobInfo(key, length, contentType, digest)
            : throw new BlobException(BlobErrorKind.Damaged);
    }

    private static async Task<(long Length, string Digest)> CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(81920);
        try
        {
            long length = 0;
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                length += count;
            }

            return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
