using System.Security.Cryptography;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Calango.Core.Mail;

/// <summary>
/// Sends what is due: at once what this process has put down, and each minute, as a routine, what waits for its next try or was left by
/// a process that is gone. Whoever sends a message has claimed it first; it goes twice only where a process ended, or its
/// database went away for minutes, between the mail server's yes and the note of it, and then with the same id.
/// </summary>
public sealed partial class MailSender : BackgroundService
{
    // Longer than a try may take, with what is noted of it.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotePause = TimeSpan.FromSeconds(2);

    // A minute, then longer and longer: about a day in all, as long as people wait for mail.
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12)];

    private readonly Database _database;
    private readonly Outbox _outbox;
    private readonly IMailTransport _transport;
    private readonly MailCall _call;
    private readonly MailTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly ILogger<MailSender> _logger;

    internal MailSender(Database database, Outbox outbox, MailCall call, MailTelemetry telemetry, TimeProvider clock, ILogger<MailSender> logger)
    {
        (_database, _outbox, _call, _telemetry, _clock, _logger) = (database, outbox, call, telemetry, clock, logger);
        _transport = outbox.Options.Folder is { } folder ? new MailFolder(folder) : new SmtpTransport(outbox.Options);
    }

    /// <summary>Sends a message that is kept nowhere, and says what came of it.</summary>
    /// <param name="letter">To whom, and what about.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MailOutcome> TestAsync(MailDraft letter, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestTest, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await TryAsync(Guid.CreateVersion7(_clock.GetUtcNow()), letter.To, _outbox.Write(letter), both.Token);
    }

    /// <summary>Sends what is due now, one after another.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (_outbox.Options.IsOn && !cancellationToken.IsCancellationRequested && await ClaimAsync(cancellationToken) is { } mail)
        {
            await SendAsync(mail, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
                await _call.WaitAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The routine comes within the minute.
                LogFault(_logger, failure.GetType().Name, failure.StackTrace);
                await _call.WaitAsync(stoppingToken);
            }
        }
    }

    private async Task<OutgoingMail?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = _clock.GetUtcNow();
            var due = await _database.ReadAsync(
                db => Due(db, now).OrderBy(mail => mail.NextAt).FirstOrDefaultAsync(cancellationToken), cancellationToken);
            // Whoever comes second finds that it is not due any more, and looks for another.
            if (due is null || await _database.WriteAsync(
                db => Due(db, now).Where(mail => mail.Id == due.Id).ExecuteUpdateAsync(set => set.SetProperty(mail => mail.ClaimedUntil, now + Claim), cancellationToken), cancellationToken) == 1)
            {
                return due;
            }
        }
    }

    private static IQueryable<OutgoingMail> Due(CalangoDb db, DateTimeOffset now) =>
        db.Set<OutgoingMail>().Where(mail => mail.GivenUpAt == null && mail.NextAt <= now && (mail.ClaimedUntil == null || mail.ClaimedUntil <= now));

    private async Task SendAsync(OutgoingMail mail, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(LongestTry, _clock);
        await using var cut = stopping.Register(() => limit.CancelAfter(AfterStop));
        var outcome = mail.ExpiresAt <= _clock.GetUtcNow() ? new MailOutcome(MailFailure.Expired) : await TryAsync(mail, limit.Token);
        if (outcome.IsSent)
        {
            await NoteAsync(db => db.Set<OutgoingMail>().Where(sent => sent.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None));
            return;
        }

        var (now, attempts) = (_clock.GetUtcNow(), mail.Attempts + 1);
        var isGivenUp = outcome.IsFinal || attempts > Pauses.Length;
        LogNotSent(_logger, mail.Id, mail.Kind, attempts, outcome.Failure, outcome.Status, isGivenUp);
        var next = isGivenUp ? now : now + Pauses[attempts - 1];
        await NoteAsync(db => db.Set<OutgoingMail>().Where(failed => failed.Id == mail.Id).ExecuteUpdateAsync(
            set => set.SetProperty(failed => failed.Attempts, attempts)
                .SetProperty(failed => failed.Failure, outcome.Failure)
                .SetProperty(failed => failed.FailureStatus, outcome.Status)
                .SetProperty(failed => failed.GivenUpAt, isGivenUp ? now : null)
                .SetProperty(failed => failed.NextAt, next)
                .SetProperty(failed => failed.ClaimedUntil, (DateTimeOffset?)null), CancellationToken.None));
    }

    private async Task<MailOutcome> TryAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(mail.Id, mail.Recipient, _outbox.Read(mail), cancellationToken);
        }
        catch (CryptographicException)
        {
            return new MailOutcome(MailFailure.Unreadable);
        }
    }

    private async Task<MailOutcome> TryAsync(Guid id, string to, MailLetter letter, CancellationToken cancellationToken)
    {
        var begun = _clock.GetTimestamp();
        MailOutcome outcome;
        try
        {
            using var message = MessageOf(id, to, letter);
            outcome = await _transport.SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (exception is not CryptographicException)
        {
            LogFault(_logger, exception.GetType().Name, exception.StackTrace);
            outcome = new MailOutcome(MailFailure.Unexpected);
        }

        _telemetry.Tried(_clock.GetElapsedTime(begun), outcome);
        return outcome;
    }

    private MimeMessage MessageOf(Guid id, string to, MailLetter letter)
    {
        var from = _outbox.Options.From;
        return new MimeMessage([new MailboxAddress("Calango", from)], [new MailboxAddress("", to)], letter.Subject, new MultipartAlternative
        {
            new TextPart("plain") { Text = letter.Text },
            new TextPart("html") { Text = letter.Html },
        })
        {
            MessageId = $"{id:N}@{MailAddresses.HostOf(from)}",
            Date = _clock.GetUtcNow(),
            // Nobody's "I am away" comes back (RFC 3834, 5).
            Headers = { { "Auto-Submitted", "auto-generated" } },
        };
    }

    // What has gone must not go again because the database was away for a moment.
    private async Task NoteAsync(Func<CalangoDb, Task<int>> note)
    {
        var begun = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                await _database.WriteAsync(note, CancellationToken.None);
                return;
            }
            catch (Exception away) when (away is DatabaseUnavailableException or StorageFullException && _clock.GetElapsedTime(begun) < Claim - LongestTry)
            {
                await Task.Delay(NotePause, _clock);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Message {Id} ({Kind}) was not sent, try {Attempts}: {Failure} {Status}; given up: {IsGivenUp}")]
    private static partial void LogNotSent(ILogger logger, Guid id, string kind, int attempts, MailFailure failure, int? status, bool isGivenUp);

    [LoggerMessage(LogLevel.Error, "A message could not be sent: unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogFault(ILogger logger, string exceptionType, string? stackTrace);
}
