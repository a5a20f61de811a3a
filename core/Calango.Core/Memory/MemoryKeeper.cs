using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Memory;

/// <summary>
/// Places the messages of all memories, some of each in turn, the newest first, behind the turns that run. Whoever is at a memory has
/// claimed it; where a process ends, another goes on from what it had stored. Each minute, as a routine, it looks for what has come since.
/// </summary>
internal sealed partial class MemoryKeeper(
    Database database, RememberedMessages messages, MessagePlacer placer, MemoryIndexes indexes, TurnsRunning turns, MemoryBell bell, TimeProvider clock, ILogger<MemoryKeeper> logger)
    : BackgroundService
{
    private const int MessagesAtOnce = 16;
    private const int BatchesInTurn = 20;

    // While somebody waits for an answer.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, MemoryWalk> _walks = [];

    /// <summary>Places all that has no place.</summary>
    internal async Task PlaceAllAsync(CancellationToken cancellationToken)
    {
        indexes.ForgetIdle();
        var left = await database.ReadAsync(db => db.Set<ChatMemory>().OrderBy(memory => memory.Id).ToListAsync(cancellationToken), cancellationToken);
        foreach (var gone in _walks.Keys.Except(left.Select(memory => memory.Id)).ToList())
        {
            _walks.Remove(gone);
        }

        while (left.Count > 0)
        {
            var more = new List<ChatMemory>();
            foreach (var memory in left)
            {
                if (await PlaceSomeAsync(memory, cancellationToken))
                {
                    more.Add(memory);
                }
            }

            left = more;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PlaceAllAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The routine rings within the minute.
                LogPostponed(logger, failure.GetType().Name, failure is DatabaseUnavailableException or StorageFullException ? null : failure.StackTrace);
            }

            await bell.WaitAsync(stoppingToken);
        }
    }

    // False: there is no more to do now.
    private async Task<bool> PlaceSomeAsync(ChatMemory memory, CancellationToken cancellationToken)
    {
        var walk = _walks.TryGetValue(memory.Id, out var known) ? known : _walks[memory.Id] = new MemoryWalk(messages, clock);
        var claim = new MemoryClaim(memory, database, clock);
        await walk.BeginAsync(cancellationToken);
        if (await walk.NextAsync(memory, MessagesAtOnce, cancellationToken) is not { Count: > 0 } first || !await claim.TryTakeAsync(cancellationToken))
        {
            return false;
        }

        MemoryFailure? failure = null;
        try
        {
            return await PlaceSomeAsync(claim, walk, first, cancellationToken);
        }
        catch (Exception exception) when (FailureOf(exception) is { } said)
        {
            failure = said;
            return false;
        }
        finally
        {
            await claim.LeaveAsync(failure);
        }
    }

    private async Task<bool> PlaceSomeAsync(MemoryClaim claim, MemoryWalk walk, List<RememberedMessage> next, CancellationToken cancellationToken)
    {
        var memory = claim.Memory;
        var model = await placer.ModelOfAsync(memory, cancellationToken);
        for (var batch = 0; batch < BatchesInTurn && next.Count > 0; batch++, next = await walk.NextAsync(memory, MessagesAtOnce, cancellationToken))
        {
            if (turns.All.Any())
            {
                await Task.Delay(Rest, clock, cancellationToken);
            }

            if (!await placer.PlaceAsync(claim, model, next, cancellationToken))
            {
                return false;
            }

            walk.Pass(next);
        }

        return next.Count > 0;
    }

    private static MemoryFailure? FailureOf(Exception exception) => exception switch
    {
        ModelFailedException => MemoryFailure.ModelIsAway,
        RejectedException => MemoryFailure.NoQuota,
        ExtractionException { Code: "embedderGone" } => MemoryFailure.ModelIsGone,
        ExtractionException => MemoryFailure.NoTranslator,
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "Messages could not be placed ({ExceptionType} at {StackTrace}); it will be tried again")]
    private static partial void LogPostponed(ILogger logger, string exceptionType, string? stackTrace);
}
