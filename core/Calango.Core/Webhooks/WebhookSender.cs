using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Webhooks;

/// <summary>
/// Tells webhooks what is due: at once what this process has put down, and each minute, called by a routine, what waits for its next try
/// or was left by a process that is gone. Whoever sends a message has claimed it first; it goes twice only where a process ended, or its
/// database went away, between the receiver's yes and the note of it, and then with the same id. Somebody who is suspended,
/// or whose role permits it no more, is told nothing.
/// </summary>
internal sealed partial class WebhookSender(Database database, WebhookOutbox outbox, WebhookPost post, WebhookCall call, WebhookTelemetry telemetry, TimeProvider clock, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private const int AtOnce = 8;

    // Longer than a try may take, with what is noted of it.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestNote = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NotePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // A minute, then longer and longer: about a day in all.
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12)];

    /// <summary>Sends what is due now.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var sending = new List<Task>();
        while (true)
        {
            await BeginDueAsync(sending, cancellationToken);
            if (sending.Count == 0)
            {
                return;
            }

            sending.Remove(await Task.WhenAny(sending));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = new List<Task>();
        var rung = call.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BeginDueAsync(sending, stoppingToken);
            }
            catch (Exception failure)
            {
                // The routine calls within the minute. That the database is away is said elsewhere.
                if (!stoppingToken.IsCancellationRequested && failure is not (DatabaseUnavailableException or StorageFullException))
                {
                    LogFault(logger, failure.GetType().Name, failure.StackTrace);
                }
            }

            // What waits behind one of somebody's may go once that has.
            var first = await Task.WhenAny([rung, .. sending]);
            sending.Remove(first);
            if (first == rung)
            {
                rung = call.WaitAsync(stoppingToken);
            }
        }

        await Task.WhenAll(sending);
    }

    private async Task BeginDueAsync(List<Task> sending, CancellationToken cancellationToken)
    {
        while (sending.Count < AtOnce && await ClaimAsync(cancellationToken) is { } due)
        {
            sending.Add(SendAsync(due, cancellationToken));
        }
    }

    private async Task<WebhookDelivery?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            // One of each person's at a time: whoever names an address that only trickles keeps nobody else waiting.
            var due = await database.ReadAsync(
                db => Due(db, now).Where(delivery => !db.Set<WebhookDelivery>().Any(other => other.AccountId == delivery.AccountId && other.ClaimedUntil > now))
                    .OrderBy(delivery => delivery.NextAt).ThenBy(delivery => delivery.Id).FirstOrDefaultAsync(cancellationToken),
                cancellationToken);
            // Whoever comes second finds that it is not due any more, and looks for another.
            if (due is null || await database.WriteAsync(
                db => Due(db, now).Where(delivery => delivery.Id == due.Id).ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.ClaimedUntil, now + Claim), cancellationToken), cancellationToken) == 1)
            {
                return due;
            }
        }
    }

    // Nothing leaves for somebody who is suspended, whose account is to be removed, or whose role permits it no more; it waits until they are back.
    private static IQueryable<WebhookDelivery> Due(CalangoDb db, DateTimeOffset now) => db.Set<WebhookDelivery>().Where(delivery =>
        delivery.NextAt <= now && (delivery.ClaimedUntil == null || delivery.ClaimedUntil <= now)
        && Roles.WhoMay(db, Grants.Programs).Any(account => account.Id == delivery.AccountId && account.SuspendedAt == null && account.RemoveAt == null));

    private async Task SendAsync(WebhookDelivery delivery, CancellationToken stopping)
    {
        try
        {
            using var limit = new CancellationTokenSource();
            await using var cut = stopping.Register(() => limit.CancelAfter(AfterStop));
            var begun = clock.GetTimestamp();
            var outcome = await TryAsync(delivery, limit.Token);
            telemetry.Tried(clock.GetElapsedTime(begun), outcome);
            await NoteAsync(delivery, outcome);
        }
        catch (Exception failure)
        {
            // Its claim ends, and it is tried again: by this server, another, or the next.
            LogLost(logger, delivery.Id, failure.GetType().Name);
        }
    }

    private async Task<WebhookOutcome> TryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.QueuedAt + Day <= clock.GetUtcNow())
        {
            return new WebhookOutcome(WebhookFailure.Expired);
        }

        var webhook = await database.ReadAsync(db => db.Set<Webhook>().SingleOrDefaultAsync(webhook => webhook.Id == delivery.WebhookId, cancellationToken), cancellationToken);
        if (webhook is null)
        {
            return new WebhookOutcome(WebhookFailure.Gone);
        }

        try
        {
            using var request = RequestOf(delivery, webhook);
            return await post.SendAsync(request, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new WebhookOutcome(WebhookFailure.Unreadable);
        }
        catch (OperationCanceledException)
        {
            return new WebhookOutcome(WebhookFailure.TimedOut);
        }
        catch (Exception failure)
        {
            LogFault(logger, failure.GetType().Name, failure.StackTrace);
            return new WebhookOutcome(WebhookFailure.Unexpected);
        }
    }

    private HttpRequestMessage RequestOf(WebhookDelivery delivery, Webhook webhook)
    {
        var (id, timestamp) = ($"msg_{delivery.Id:N}", clock.GetUtcNow().ToUnixTimeSeconds());
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Address) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", "Calango");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSecret.Sign(outbox.Reveal(webhook), id, timestamp, delivery.Body));
        return request;
    }

    private Task NoteAsync(WebhookDelivery delivery, WebhookOutcome outcome)
    {
        var (now, attempts) = (clock.GetUtcNow(), delivery.Attempts + 1);
        if (outcome.IsSent)
        {
            return NoteAsync(delivery.Id, attempts, outcome, null, now);
        }

        var isGivenUp = outcome.IsFinal || attempts > Pauses.Length;
        LogNotSent(logger, delivery.Id, attempts, outcome.Failure, outcome.Status, isGivenUp);
        return NoteAsync(delivery.Id, attempts, outcome, isGivenUp ? null : now + Pauses[attempts - 1], delivery.DeliveredAt);
    }

    // What the receiver has taken must not go again because the database was away for a moment.
    private async Task NoteAsync(Guid id, int attempts, WebhookOutcome outcome, DateTimeOffset? nextAt, DateTimeOffset? deliveredAt)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await database.WriteAsync(
                    db => db.Set<WebhookDelivery>().Where(tried => tried.Id == id).ExecuteUpdateAsync(
                        set => set.SetProperty(tried => tried.Attempts, attempts)
                            .SetProperty(tried => tried.Failure, outcome.Failure)
                            .SetProperty(tried => tried.Status, outcome.Status)
                            .SetProperty(tried => tried.NextAt, nextAt)
                            .SetProperty(tried => tried.DeliveredAt, deliveredAt)
                            .SetProperty(tried => tried.ClaimedUntil, (DateTimeOffset?)null), CancellationToken.None),
                    CancellationToken.None);
                return;
            }
            catch (Exception away) when (away is DatabaseUnavailableException or StorageFullException && clock.GetElapsedTime(begun) < LongestNote)
            {
                await Task.Delay(NotePause, clock);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Webhook message {Id} was not sent, try {Attempts}: {Failure} {Status}; given up: {IsGivenUp}")]
    private static partial void LogNotSent(ILogger logger, Guid id, int attempts, WebhookFailure failure, int? status, bool isGivenUp);

    [LoggerMessage(LogLevel.Warning, "What became of webhook message {Id} could not be stored ({ExceptionType}); it will be tried again")]
    private static partial void LogLost(ILogger logger, Guid id, string exceptionType);

    [LoggerMessage(LogLevel.Error, "A webhook could not be told: unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogFault(ILogger logger, string exceptionType, string? stackTrace);
}
