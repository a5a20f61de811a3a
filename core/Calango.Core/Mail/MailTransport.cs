using MimeKit;

namespace Calango.Core.Mail;

/// <summary>How a message leaves the server. Thread-safe.</summary>
internal interface IMailTransport
{
    /// <summary>Hands one over.</summary>
    Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken);
}

/// <summary>Puts messages into a folder, for whoever works on a server: mail programs open them.</summary>
internal sealed class MailFolder(string folder) : IMailTransport
{
    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $"{message.MessageId!.Split('@')[0]}.eml");
            await using (var written = File.Create(file + ".part"))
            {
                await message.WriteToAsync(written, cancellationToken);
            }

            File.Move(file + ".part", file, overwrite: true);
            return new MailOutcome(MailFailure.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MailOutcome(MailFailure.FolderNotWritable);
        }
    }
}
