using System.Globalization;

namespace Calango.Core.Data;

/// <summary>
/// The only use of a SQLite database by this process: a lock on a file beside it, which ends with the process however
/// that ends. Two servers on one file would take each other's running turns for lost.
/// </summary>
public sealed class SqliteHold(DatabaseOptions options, TimeProvider clock) : IDisposable
{
    // A server that was just asked to stop may still be storing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    // What .NET passes on where another process has the lock: EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] IsHeld = [11, 35, unchecked((int)0x80070020)];

    // ENOSPC.
    private const int NoSpace = 28;

    private readonly string _path = options.SqlitePath + ".lock";

    // A locked file cannot be read by others.
    private readonly string _holder = options.SqlitePath + ".pid";
    private FileStream? _held;

    /// <summary>Takes it; waits a moment for another process to end.</summary>
    /// <exception cref="DatabaseRefusedException">Another process keeps it, or the file cannot be written.</exception>
    /// <exception cref="StorageFullException">The disk has no room for the file.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        for (var since = clock.GetTimestamp(); _held is null; await Task.Delay(LookAgain, clock, cancellationToken))
        {
            try
            {
                _held = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await File.WriteAllTextAsync(_holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken);
                return;
            }
            catch (IOException taken) when (IsHeld.Contains(taken.HResult))
            {
                if (clock.GetElapsedTime(since) > Patience)
                {
                    var holder = File.Exists(_holder) ? $" (process {await File.ReadAllTextAsync(_holder, cancellationToken)})" : "";
                    throw new DatabaseRefusedException($"Another Calango{holder} uses {options.SqlitePath}. Stop it, or set data (CALANGO_DATA) to another folder.");
                }
            }
            catch (IOException full) when (full.HResult == NoSpace)
            {
                throw new StorageFullException(full);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new DatabaseRefusedException($"{_path} cannot be written: {failure.Message.TrimEnd('.')}. Allow it, or set data (CALANGO_DATA) to another folder.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();
}
