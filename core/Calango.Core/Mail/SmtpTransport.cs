using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Calango.Core.Mail;

/// <summary>Hands messages to a mail server, each over a connection of its own.</summary>
internal sealed class SmtpTransport(MailOptions options) : IMailTransport
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { Timeout = (int)LongestStep.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Host!, options.Port, Sealing, cancellationToken);
            if (options.User is { } user)
            {
                await client.AuthenticateAsync(user, options.Password ?? "", cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (OutcomeOf(exception) is { } outcome)
        {
            return outcome;
        }

        await SayGoodbyeAsync(client, cancellationToken);
        return new MailOutcome(MailFailure.None);
    }

    private SecureSocketOptions Sealing => options.Security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    // The message is taken: whatever happens now, it is not sent again.
    private static async Task SayGoodbyeAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ProtocolException or CommandException)
        {
            // It hung up first.
        }
    }

    private static MailOutcome? OutcomeOf(Exception exception) => exception switch
    {
        SmtpCommandException refused => OutcomeOf(refused),
        // 4xx says "not now" (RFC 4954, 6); anything else is about the user and the password.
        MailKit.Security.AuthenticationException { InnerException: SmtpCommandException { StatusCode: var status } } => new(IsForNow((int)status) ? MailFailure.Busy : MailFailure.SignInRefused, (int)status),
        MailKit.Security.AuthenticationException => new(MailFailure.SignInRefused),
        SslHandshakeException or System.Security.Authentication.AuthenticationException => new(MailFailure.InsecureConnection),
        // It does not offer what is needed: STARTTLS, or a way to sign in that we know.
        NotSupportedException => new(MailFailure.InsecureConnection),
        SmtpProtocolException or ServiceNotConnectedException => new(MailFailure.ConnectionLost),
        ProtocolException => new(MailFailure.NoMailServer),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new(MailFailure.HostNotFound),
        SocketException => new(MailFailure.Unreachable),
        IOException => new(MailFailure.ConnectionLost),
        OperationCanceledException or TimeoutException => new(MailFailure.TimedOut),
        _ => null,
    };

    private static MailOutcome OutcomeOf(SmtpCommandException refused)
    {
        var status = (int)refused.StatusCode;
        return new MailOutcome(IsForNow(status) ? MailFailure.Busy : refused.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => MailFailure.RecipientRefused,
            SmtpErrorCode.SenderNotAccepted => MailFailure.SenderRefused,
            _ => MailFailure.MessageRefused,
        }, status);
    }

    private static bool IsForNow(int status) => status is >= 400 and < 500;
}
