using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Quotas;

/// <summary>The same as <see cref="QuotaBook"/> for calls that are not stored with a turn: each step is a unit of work. Thread-safe.</summary>
internal sealed partial class QuotaMeter(Database database, QuotaBook book, ILogger<QuotaMeter> logger)
{
    // A call that goes on for longer is counted all the same when it ends.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private const int AtOnce = 200;

    /// <inheritdoc cref="QuotaBook.ReserveAsync"/>
    public Task ReserveAsync(Guid id, Guid accountId, ModelRef model, QuotaAmount expected, CancellationToken cancellationToken) =>
        database.WriteAsync(db => book.ReserveAsync(db, id, accountId, model, () => Task.FromResult(expected), Longest, cancellationToken), cancellationToken);

    /// <summary>Gives back what was put aside, if anything was, and counts what the call took. While the database is away nothing is counted, and what was put aside is given back in time.</summary>
    public async Task EndAsync(Guid id, Guid accountId, ModelRef model, QuotaAmount took)
    {
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    if (!await book.SettleAsync(db, id, model, took, CancellationToken.None))
                    {
                        await book.CountAsync(db, accountId, model, took, CancellationToken.None);
                    }
                },
                CancellationToken.None);
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or StorageFullException)
        {
            LogLost(logger, id, DatabaseFailure.ReasonOf(exception));
        }
    }

    /// <summary>Gives back what was put aside for calls that died with their process, as soon as nobody can be at them any more.</summary>
    public async Task GiveBackExpiredAsync(CancellationToken cancellationToken)
    {
        while (await database.WriteAsync(db => book.GiveBackExpiredAsync(db, AtOnce, cancellationToken), cancellationToken) == AtOnce)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "What call {CallId} took could not be counted ({Reason})")]
    private static partial void LogLost(ILogger logger, Guid callId, string reason);
}
