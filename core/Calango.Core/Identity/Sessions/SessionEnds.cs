using System.Collections.Concurrent;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Identity;

/// <summary>
/// Tells what is open, such as a stream, that the session or the token that opened it has ended: at once where it was ended on this
/// replica, else within <see cref="Interval"/>. What a role has lost ends what was opened with it, too. Thread-safe.
/// </summary>
public sealed partial class SessionEnds(Database database, TimeProvider clock, ILogger<SessionEnds> logger) : BackgroundService
{
    /// <summary>How often the database is asked while anybody waits.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Watched, byte> _watched = new();

    /// <summary>Watches over a session or a token until what is returned is disposed.</summary>
    /// <param name="id">Which.</param>
    /// <param name="held">What its owner may do now.</param>
    public Watched Of(Guid id, Grants held)
    {
        var watched = new Watched(this, id, held);
        _watched[watched] = 0;
        return watched;
    }

    internal void Tell(IReadOnlyCollection<Guid> ids) => End(watched => ids.Contains(watched.Id));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException)
            {
                // Nothing can be asked now; the next look is soon.
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailure(logger, failure);
            }
        }
    }

    // What is not there any more has ended, too.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var ids in _watched.Keys.Select(watched => watched.Id).Distinct().Chunk(500))
        {
            var now = clock.GetUtcNow();
            var open = await database.ReadAsync(
                db => (from session in db.Set<Session>()
                       join account in db.Set<Account>() on session.AccountId equals account.Id
                       join role in db.Set<Role>() on account.RoleId equals role.Id
                       where ids.Contains(session.Id) && session.EndedAt == null && session.ExpiresAt > now && account.SuspendedAt == null
                       select new { session.Id, role.Grants })
                    .Concat(from token in db.Set<AccessToken>()
                            join account in db.Set<Account>() on token.AccountId equals account.Id
                            join role in db.Set<Role>() on account.RoleId equals role.Id
                            where ids.Contains(token.Id) && token.ExpiresAt > now && account.SuspendedAt == null && account.RemoveAt == null && (role.Grants & Grants.Programs) != 0
                            select new { token.Id, role.Grants }).ToDictionaryAsync(found => found.Id, found => found.Grants, cancellationToken),
                cancellationToken);
            var asked = ids.ToHashSet();
            End(watched => asked.Contains(watched.Id) && !(open.TryGetValue(watched.Id, out var grants) && grants.HasFlag(watched.Held)));
        }
    }

    private void End(Func<Watched, bool> which)
    {
        foreach (var watched in _watched.Keys.Where(which))
        {
            watched.End();
        }
    }

    [LoggerMessage(LogLevel.Error, "Whether sessions have ended could not be seen.")]
    private static partial void LogFailure(ILogger logger, Exception failure);

    /// <summary>Somebody who waits for the end of a session or a token.</summary>
    public sealed class Watched : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly SessionEnds _ends;

        internal Watched(SessionEnds ends, Guid id, Grants held) => (_ends, Id, Held, Ended) = (ends, id, held, _source.Token);

        /// <summary>Cancelled when it has ended.</summary>
        public CancellationToken Ended { get; }

        internal Guid Id { get; }

        internal Grants Held { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            _ends._watched.TryRemove(this, out _);
            lock (_source)
            {
                _source.Dispose();
            }
        }

        internal void End()
        {
            lock (_source)
            {
                if (_ends._watched.TryRemove(this, out _))
                {
                    _source.Cancel();
                }
            }
        }
    }
}
