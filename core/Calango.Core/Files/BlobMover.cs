using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Files;

/// <summary>
/// Does the moves: copies all blobs while the server serves, compares each, then has the new place count. One process of an
/// installation works on one; where it ends, whatever ended it, the next goes on. How nothing is lost meanwhile:
/// docs/decisions/moving-files.md.
/// </summary>
internal sealed partial class BlobMover(BlobMoves moves, BlobPlaces places, BlobCopier copier, TimeProvider clock, ILogger<BlobMover> logger) : BackgroundService
{
    // People may put more there as quickly as it is copied.
    private const int MostRounds = 3;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Outage _outage = new(clock);
    private long _toldAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Wake() => _wake.Writer.TryWrite(true);
        moves.Added += Wake;
        try
        {
            for (var atStart = true; ; atStart = false)
            {
                await TryAsync(atStart, stoppingToken);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(Look);
                await ((Task)_wake.Reader.ReadAsync(limit.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            moves.Added -= Wake;
        }
    }

    private async Task TryAsync(bool atStart, CancellationToken cancellationToken)
    {
        try
        {
            while (await moves.TakeAsync(atStart, cancellationToken) is { } move)
            {
                await RunAsync(move, cancellationToken);
            }

            _outage.Ends();
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or StorageFullException)
        {
            if (_outage.Goes())
            {
                LogPostponed(logger, exception.GetType().Name);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(logger, exception.GetType().Name, exception.StackTrace);
        }
    }

    private async Task RunAsync(BlobMove move, CancellationToken cancellationToken)
    {
        var all = await places.ReadAsync(cancellationToken);
        var (from, to) = (all.Single(place => place.Id == move.FromId), all.Single(place => place.Id == move.ToId));
        LogBegun(logger, move.State, from.PluginId, to.PluginId);
        try
        {
            (move.Found, move.Done, move.Bytes, move.Kept) = (0, 0, 0, 0);
            if (move.State == BlobMoveState.Removing)
            {
                await RemoveAsync(move, from, to, cancellationToken);
            }
            else
            {
                await CopyAsync(move, from, to, cancellationToken);
            }

            LogEnded(logger, move.Done, from.PluginId, to.PluginId);
        }
        catch (BlobException exception) when (!cancellationToken.IsCancellationRequested)
        {
            move.FailureCode = BlobFailures.CodeOf(exception);
            LogFailed(logger, exception.Kind, from.PluginId, to.PluginId);
            await (move.State == BlobMoveState.Copying
                ? moves.TurnAsync(move, BlobMoveState.Failed, cancellationToken, (to.Id, BlobPlaceRole.Former))
                : moves.TurnAsync(move, BlobMoveState.Failed, cancellationToken));
        }
    }

    private async Task CopyAsync(BlobMove move, BlobPlace from, BlobPlace to, CancellationToken cancellationToken)
    {
        var copied = new HashSet<string>(StringComparer.Ordinal);
        if (move.State == BlobMoveState.Copying)
        {
            // So little is left for the last round, which is right whatever is left.
            for (var round = 0; round < MostRounds && await CopyNewAsync(move, from, to, copied, cancellationToken) > 0; round++)
            {
            }

            await moves.TurnAsync(move, BlobMoveState.Following, cancellationToken, (from.Id, BlobPlaceRole.Former), (to.Id, BlobPlaceRole.Active));
        }

        // What was put into the old place before it was known to count no more. Who puts one there later copies it themselves.
        await CopyNewAsync(move, from, to, copied, cancellationToken);
        await moves.TurnAsync(move, BlobMoveState.Done, cancellationToken);
    }

    private async Task<int> CopyNewAsync(BlobMove move, BlobPlace from, BlobPlace to, HashSet<string> copied, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var key in KeysAsync(move, from, cancellationToken))
        {
            if (copied.Add(key))
            {
                count++;
                move.Found = Math.Max(move.Found, copied.Count);
                move.Bytes += await KeepingLeaseAsync(move, () => copier.CopyAsync(from, to, key, cancellationToken), cancellationToken) ?? 0;
                move.Done++;
                await TellAsync(move, cancellationToken);
            }
        }

        await moves.SaveAsync(move, cancellationToken);
        return count;
    }

    // Only what the other place has just the same: whoever emptied that one by mistake still has this.
    private async Task RemoveAsync(BlobMove move, BlobPlace from, BlobPlace to, CancellationToken cancellationToken)
    {
        await foreach (var key in KeysAsync(move, from, cancellationToken))
        {
            move.Found++;
            if (await copier.FindAsync(from, key, cancellationToken) is { } copy)
            {
                if (copy.Sha256 is not null && (await copier.FindAsync(to, key, cancellationToken))?.Sha256 == copy.Sha256)
                {
                    await copier.DeleteAsync(from, key, cancellationToken);
                    move.Bytes += copy.Length;
                }
                else
                {
                    move.Kept++;
                }
            }

            move.Done++;
            await TellAsync(move, cancellationToken);
        }

        await moves.TurnAsync(move, BlobMoveState.Done, cancellationToken, move.Kept == 0 ? [(from.Id, BlobPlaceRole.Empty)] : []);
    }

    // How many there are is known before the first is copied, so that people see how far it is.
    private async IAsyncEnumerable<string> KeysAsync(BlobMove move, BlobPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        foreach (var area in Blobs.Areas)
        {
            string? continuation = null;
            do
            {
                var page = await places.UseAsync(place, (store, settings) => store.ListAsync(area, continuation, settings, cancellationToken));
                keys.AddRange(page.Keys);
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }

        move.Found = move.State == BlobMoveState.Removing ? 0 : Math.Max(move.Found, keys.Count);
        foreach (var key in keys)
        {
            yield return key;
        }
    }

    // A large blob may take longer than the lease.
    private async Task<T> KeepingLeaseAsync<T>(BlobMove move, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var working = work();
        while (await Task.WhenAny(working, Task.Delay(Look, clock, cancellationToken)) != working)
        {
            await moves.SaveAsync(move, cancellationToken);
        }

        return await working;
    }

    private async Task TellAsync(BlobMove move, CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(_toldAt) > TellEvery)
        {
            _toldAt = clock.GetTimestamp();
            await moves.SaveAsync(move, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Files are moved ({State}) from {From} to {To}")]
    private static partial void LogBegun(ILogger logger, BlobMoveState state, string from, string to);

    [LoggerMessage(LogLevel.Information, "{Count} files were moved or removed, from {From} to {To}")]
    private static partial void LogEnded(ILogger logger, long count, string from, string to);

    [LoggerMessage(LogLevel.Error, "Files could not be moved ({Kind}) from {From} to {To}; what counted before counts still")]
    private static partial void LogFailed(ILogger logger, BlobErrorKind kind, string from, string to);

    [LoggerMessage(LogLevel.Warning, "Moves of files cannot be looked for ({ExceptionType}); trying again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType);

    [LoggerMessage(LogLevel.Error, "A move of files failed: unexpected {ExceptionType} at {StackTrace}; trying again")]
    private static partial void LogFault(ILogger logger, string exceptionType, string? stackTrace);
}
