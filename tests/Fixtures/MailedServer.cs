using Calango.Tests.Support.Mail;

namespace Calango.Tests.Fixtures;

/// <summary>A server of many people with the mail server that takes its messages.</summary>
public sealed class MailedServer : IAsyncDisposable
{
    private MailedServer(TestApp app, ScriptedMailServer mail) => (App, Mail) = (app, mail);

    /// <summary>The server.</summary>
    public TestApp App { get; }

    /// <summary>The mail server.</summary>
    public ScriptedMailServer Mail { get; }

    /// <summary>Starts both.</summary>
    public static async Task<MailedServer> StartAsync()
    {
        var mail = ScriptedMailServer.Start();
        var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, new Dictionary<string, string?>
        {
            ["CALANGO_MAIL_HOST"] = "127.0.0.1",
            ["CALANGO_MAIL_PORT"] = $"{mail.Port}",
            ["CALANGO_MAIL_SECURITY"] = "None",
            ["CALANGO_MAIL_FROM"] = "calango@example.org",
        });
        return new MailedServer(app, mail);
    }

    /// <summary>Waits for so many messages in all, and returns the last.</summary>
    public async Task<ReceivedMail> ReceivedAsync(int count, CancellationToken cancellationToken)
    {
        await Eventually.HoldsAsync($"{count} messages have come", () => Task.FromResult(Mail.Received.Count == count), cancellationToken);
        return Mail.Received[^1];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Mail.DisposeAsync();
    }
}
