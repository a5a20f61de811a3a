using Calango.Core.Data;
using Calango.Core.Errors;

namespace Calango.Core.Knowledge;

/// <summary>A file in the server's own folder while it is handed in or read; gone when it is disposed.</summary>
internal sealed class SpooledFile : IAsyncDisposable
{
    private readonly FileStream _file;

    private SpooledFile(FileStream file) => _file = file;

    /// <summary>Where it is.</summary>
    public string Path => _file.Name;

    /// <summary>It, from its beginning.</summary>
    public Stream Content
    {
        get
        {
            _file.Position = 0;
            return _file;
        }
    }

    /// <summary>Writes what comes to a new file.</summary>
    /// <exception cref="RejectedException"><c>document.tooLarge</c> or <c>document.empty</c>.</exception>
    /// <exception cref="StorageFullException">The disk has no room.</exception>
    public static async Task<SpooledFile> WriteAsync(string folder, Stream content, long most, CancellationToken cancellationToken)
    {
        var spooled = new SpooledFile(new FileStream(
            System.IO.Path.Combine(folder, $"{Guid.CreateVersion7():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1, FileOptions.DeleteOnClose | FileOptions.Asynchronous));
        try
        {
            var buffer = new byte[81920];
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                await spooled.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                if (spooled._file.Length > most)
                {
                    throw new RejectedException("document.tooLarge", ("limit", $"{most / (1024 * 1024)}"));
                }
            }

            return spooled._file.Length > 0 ? spooled : throw new RejectedException("document.empty");
        }
        catch
        {
            await spooled.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new StorageFullException(exception);
        }
    }
}
