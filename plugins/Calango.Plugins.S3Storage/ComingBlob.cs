using System.Security.Cryptography;

namespace Calango.Plugins.S3Storage;

/// <summary>A blob that is about to be sent: in memory where it is small, else in a file that goes with it.</summary>
internal sealed class ComingBlob : IAsyncDisposable
{
    private const int MostInMemory = 1024 * 1024;

    private readonly Stream _content;

    private ComingBlob(Stream content, string sha256) => (_content, Length, Sha256) = (content, content.Length, sha256);

    public long Length { get; }

    public string Sha256 { get; }

    /// <summary>Reads all of it.</summary>
    public static async Task<ComingBlob> ReadAsync(Stream content, string folder, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Stream kept = new MemoryStream();
        try
        {
            var buffer = new byte[81920];
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
                if (kept is MemoryStream memory && memory.Length + count > MostInMemory)
                {
                    kept = new FileStream(Path.Combine(folder, $"{Guid.CreateVersion7():N}.coming"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
                    memory.WriteTo(kept);
                }

                await kept.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            return new ComingBlob(kept, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await kept.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Some of its bytes. One at a time.</summary>
    public Stream Open(long offset, long length) => new Window(_content, offset, length);

    /// <summary>All of its bytes.</summary>
    public Stream Open() => Open(0, Length);

    public ValueTask DisposeAsync() => _content.DisposeAsync();

    // What is sent is read more than once: for its signature, and where a request is made again.
    private sealed class Window(Stream content, long offset, long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _at; set => _at = value; }

        public override int Read(byte[] buffer, int at, int count)
        {
            content.Position = offset + _at;
            var read = content.Read(buffer, at, (int)Math.Min(count, length - _at));
            _at += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            content.Position = offset + _at;
            var read = await content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - _at)], cancellationToken).ConfigureAwait(false);
            _at += read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int at, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(at, count), cancellationToken).AsTask();

        public override long Seek(long to, SeekOrigin origin) =>
            _at = origin switch { SeekOrigin.Begin => to, SeekOrigin.Current => _at + to, _ => length + to };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int at, int count) => throw new NotSupportedException();
    }
}
