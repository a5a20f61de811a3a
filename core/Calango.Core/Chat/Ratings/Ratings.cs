using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>What people think of the answers that models gave them. Thread-safe.</summary>
public sealed class Ratings
{
    private readonly Database _database;
    private readonly ModelEvents _events;
    private readonly TimeProvider _clock;

    internal Ratings(Database database, ModelEvents events, TimeProvider clock) => (_database, _events, _clock) = (database, events, clock);

    /// <summary>Rates an answer, in place of what was said of it before.</summary>
    /// <returns>The turn as it is now.</returns>
    /// <exception cref="NotFoundException">No such answer of a model.</exception>
    /// <exception cref="RejectedException"><c>rating.running</c>: it is still being written, <c>rating.reason</c> or <c>rating.tooLong</c>.</exception>
    public Task<Turn> RateAsync(Guid accountId, Guid turnId, Rating rating, CancellationToken cancellationToken) => ChangeAsync(accountId, turnId, rating.Accept(), cancellationToken);

    /// <summary>Takes back what was said of an answer.</summary>
    /// <returns>The turn as it is now.</returns>
    /// <exception cref="NotFoundException">No such answer of a model.</exception>
    public Task<Turn> WithdrawAsync(Guid accountId, Guid turnId, CancellationToken cancellationToken) => ChangeAsync(accountId, turnId, null, cancellationToken);

    /// <summary>How often each model's answers were found good and bad since then, and why; the most rated first. Says nothing of who rated what.</summary>
    public async Task<IReadOnlyList<ModelRatings>> SummarizeAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var counts = await _database.ReadAsync(
            db => db.Set<Turn>().Where(turn => turn.RatedAt != null && turn.RatedAt >= since)
                .GroupBy(turn => new { turn.ModelName, turn.IsGood, turn.RatingReasons })
                .Select(group => new { group.Key.ModelName, group.Key.IsGood, group.Key.RatingReasons, Count = group.Count() })
                .ToListAsync(cancellationToken),
            cancellationToken);
        return
        [
            .. counts.GroupBy(count => count.ModelName)
                .Select(model => new ModelRatings(
                    model.Key,
                    model.Where(count => count.IsGood == true).Sum(count => count.Count),
                    model.Where(count => count.IsGood == false).Sum(count => count.Count),
                    Enum.GetValues<RatingReasons>().Where(reason => reason != RatingReasons.None)
                        .ToDictionary(reason => reason, reason => model.Where(count => count.RatingReasons.HasFlag(reason)).Sum(count => count.Count))))
                .OrderByDescending(model => model.Count).ThenBy(model => model.Model, StringComparer.Ordinal),
        ];
    }

    private async Task<Turn> ChangeAsync(Guid accountId, Guid turnId, Rating? rating, CancellationToken cancellationToken)
    {
        var turn = await _database.WriteAsync(
            async db =>
            {
                var turn = await db.Set<Turn>().AsTracking().SingleOrDefaultAsync(
                    turn => turn.Id == turnId && turn.AccountId == accountId && db.Set<Conversation>().Any(chat => chat.Id == turn.ConversationId && chat.DeletedAt == null), cancellationToken)
                    ?? throw new NotFoundException();
                if (turn.IsRunning)
                {
                    throw new RejectedException("rating.running");
                }

                turn.Rate(rating, _clock.GetUtcNow());
                await db.SaveChangesAsync(cancellationToken);
                return turn;
            },
            cancellationToken);
        _events.Rated(turn);
        return turn;
    }
}

/// <summary>What people think of a model's answers.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Good">How many were found good.</param>
/// <param name="Bad">How many were found bad.</param>
/// <param name="Reasons">How often each reason was given.</param>
public sealed record ModelRatings(string Model, int Good, int Bad, IReadOnlyDictionary<RatingReasons, int> Reasons)
{
    /// <summary>How many were rated.</summary>
    public int Count => Good + Bad;
}
