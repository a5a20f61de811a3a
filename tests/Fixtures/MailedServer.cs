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
    /// <param name="settings">Settings as the environment would give them, over those of the test.</param>
    public static async Task<MailedServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var mail = ScriptedMailServer.Start();
        var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false,
        [
            KeyValuePair.Create<string, string?>("CALANGO_MAIL_HOST", "127.0.0.1"),
            KeyValuePair.Create<string, string?>("CALANGO_MAIL_PORT", $"{mail.Port}"),
            KeyValuePair.Create<string, string?>("CALANGO_MAIL_SECURITY", "None"),
            KeyValuePair.Create<string, string?>("CALANGO_MAIL_FROM", "calango@example.org"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
        ]);
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
