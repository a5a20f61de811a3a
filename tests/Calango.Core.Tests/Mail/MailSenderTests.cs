using System.Net;
using Calango.Core.Data;
using Calango.Core.Mail;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.Support.Mail;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Mail;

/// <summary>A message goes once, whatever the mail server does, and whoever runs the server sees why one hasn't.</summary>
public sealed class MailSenderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_message_goes_to_its_address_as_text_and_as_HTML_and_nothing_of_it_stays(DatabaseKind kind)
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(kind, server.Port);
        await site.PutAsync("bruno@example.org", "pt-BR", "https://chat.example/invitations/canary-7301?<b>");
        Assert.DoesNotContain("canary-7301", Assert.Single(await site.AllAsync()).ProtectedLetter, StringComparison.Ordinal);

        await site.SendAsync();

        var mail = Assert.Single(server.Received);
        Assert.Equal("calango@example.org", mail.From);
        Assert.Equal(["bruno@example.org"], mail.To);
        Assert.Equal("Seu convite para o Calango", mail.Header("Subject"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Contains("https://chat.example/invitations/canary-7301?<b>", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://chat.example/invitations/canary-7301?&lt;b&gt;\">", mail.Html, StringComparison.Ordinal);
        Assert.Empty(await site.AllAsync());
        Assert.DoesNotContain("canary-7301", site.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bruno", site.Log.Text, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task What_the_mail_server_cannot_take_now_is_tried_again_with_growing_pauses(DatabaseKind kind)
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(kind, server.Port);
        await site.PutAsync("bruno@example.org");
        server.Answer = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.0 later" : null;

        await site.SendAsync();

        var waiting = Assert.Single(await site.AllAsync());
        Assert.Equal((MailFailure.Busy, 450, 1, site.Time.GetUtcNow() + Minute), (waiting.Failure, waiting.FailureStatus, waiting.Attempts, waiting.NextAt));
        await site.SendAsync();
        Assert.Equal(1, (await site.AllAsync())[0].Attempts);
        site.Time.Advance(Minute);
        await site.SendAsync();
        Assert.Equal(site.Time.GetUtcNow() + (5 * Minute), Assert.Single(await site.AllAsync()).NextAt);
        server.Answer = _ => null;
        site.Time.Advance(5 * Minute);
        await site.SendAsync();
        Assert.Single(server.Received);
        Assert.Empty(await site.AllAsync());
    }

    [Theory]
    [InlineData("RCPT", MailFailure.RecipientRefused)]
    [InlineData("MAIL", MailFailure.SenderRefused)]
    [InlineData(".", MailFailure.MessageRefused)]
    public async Task What_the_mail_server_refuses_for_good_is_given_up_and_can_be_sent_again(string command, MailFailure failure)
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, server.Port);
        await site.PutAsync("bruno@example.org");
        server.Answer = said => said.StartsWith(command, StringComparison.Ordinal) ? "550 5.1.1 no" : null;

        await site.SendAsync();

        var given = Assert.Single(await site.AllAsync());
        Assert.Equal((failure, 550), (given.Failure, given.FailureStatus));
        Assert.NotNull(given.GivenUpAt);
        site.Time.Advance(TimeSpan.FromHours(1));
        server.Answer = _ => null;
        await site.SendAsync();
        Assert.Empty(server.Received);
        await site.Outbox.SendAgainAsync(given.Id, Cancelled);
        await site.SendAsync();
        Assert.Single(server.Received);
    }

    [EachDatabase]
    public async Task R30_a_mail_server_that_is_away_gets_the_message_when_it_is_back_and_nobody_waits_for_longer_than_a_day(DatabaseKind kind)
    {
        var port = ServerProcess.FreePort();
        await using var site = await MailSite.StartAsync(kind, port);
        await site.PutAsync("bruno@example.org");
        await site.SendAsync();
        Assert.Equal(MailFailure.Unreachable, Assert.Single(await site.AllAsync()).Failure);

        site.Time.Advance(Minute);
        await using (var server = ScriptedMailServer.Start(port))
        {
            await site.SendAsync();
            Assert.Single(server.Received);
        }

        await site.PutAsync("carla@example.org");
        for (var tries = 0; tries < 8; tries++)
        {
            await site.SendAsync();
            site.Time.Advance(TimeSpan.FromHours(12));
        }

        var given = Assert.Single(await site.AllAsync());
        Assert.Equal(8, given.Attempts);
        Assert.NotNull(given.GivenUpAt);
    }

    [EachDatabase]
    public async Task Many_who_send_at_once_send_each_message_once(DatabaseKind kind)
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(kind, server.Port);
        for (var number = 0; number < 20; number++)
        {
            await site.PutAsync($"person{number}@example.org");
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.SendAsync()));

        Assert.Equal(20, server.Received.Count);
        Assert.Equal(20, server.Received.Select(mail => mail.To[0]).Distinct().Count());
        Assert.Empty(await site.AllAsync());
    }

    [EachDatabase]
    public async Task What_a_sender_left_that_is_gone_is_sent_by_another_once_its_claim_is_over(DatabaseKind kind)
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(kind, server.Port);
        await site.PutAsync("bruno@example.org");
        var until = site.Time.GetUtcNow() + (5 * Minute);
        await site.ClaimAsync(until);

        await site.SendAsync();
        Assert.Empty(server.Received);
        site.Time.Advance(5 * Minute);
        await site.SendAsync();

        Assert.Single(server.Received);
    }

    [Fact]
    public async Task What_would_come_too_late_is_not_sent()
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, server.Port);
        await site.PutAsync("bruno@example.org");
        site.Time.Advance(TimeSpan.FromDays(8));

        await site.SendAsync();

        Assert.Equal(MailFailure.Expired, Assert.Single(await site.AllAsync()).Failure);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    public async Task No_password_goes_to_a_mail_server_whose_certificate_nobody_knows(MailSecurity security)
    {
        using var certificate = MailCertificate.Make();
        await using var server = ScriptedMailServer.Start(certificate: certificate, beginsSealed: security == MailSecurity.Tls);
        server.SignIn = "calango:secret";
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, server.Port, new MailOptions { Security = security, User = "calango", Password = "secret" });
        await site.PutAsync("bruno@example.org");

        await site.SendAsync();

        Assert.Equal(MailFailure.InsecureConnection, Assert.Single(await site.AllAsync()).Failure);
        Assert.DoesNotContain("AUTH", server.Commands);
    }

    [Fact]
    public async Task A_mail_server_that_offers_no_encryption_gets_nothing_where_it_must()
    {
        await using var server = ScriptedMailServer.Start();
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, server.Port, new MailOptions { Security = MailSecurity.StartTls });
        await site.PutAsync("bruno@example.org");

        await site.SendAsync();

        Assert.Equal(MailFailure.InsecureConnection, Assert.Single(await site.AllAsync()).Failure);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secret", MailFailure.None)]
    [InlineData("wrong", MailFailure.SignInRefused)]
    public async Task A_mail_server_that_wants_a_password_gets_it(string password, MailFailure failure)
    {
        await using var server = ScriptedMailServer.Start();
        server.SignIn = "calango:secret";
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, server.Port, new MailOptions { Security = MailSecurity.None, User = "calango", Password = password });

        Assert.Equal(failure, (await site.TestAsync("bruno@example.org")).Failure);
        Assert.DoesNotContain(password, site.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_folder_is_named_each_message_is_a_file_in_it()
    {
        var folder = TestFolders.NewTemporary("mail");
        await using var site = await MailSite.StartAsync(DatabaseKind.Sqlite, 0, new MailOptions { Folder = folder });
        await site.PutAsync("bruno@example.org");

        await site.SendAsync();

        Assert.Contains("To: bruno@example.org", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder, "*.eml")), Cancelled), StringComparison.Ordinal);
        TestFolders.Delete(folder);
    }

    [Theory]
    [InlineData("ana@example.org", true)]
    [InlineData("ana.b+tag@münchen.example", true)]
    [InlineData("ana@example.org\r\nBcc: eve@example.org", false)]
    [InlineData("ana@example.org, eve@example.org", false)]
    [InlineData("<ana@example.org>", false)]
    [InlineData("ana@example.org> SIZE=1", false)]
    [InlineData("\"ana eve\"@example.org", false)]
    [InlineData("ana@@example.org", false)]
    [InlineData("ana@", false)]
    [InlineData("@example.org", false)]
    [InlineData("ana@exam ple.org", false)]
    [InlineData("ana..b@example.org", false)]
    [InlineData("ana@-example.org", false)]
    [InlineData(null, false)]
    public void What_could_be_more_than_one_address_is_none(string? text, bool isOne) => Assert.Equal(isOne, MailAddresses.IsOne(text));

    private sealed class MailSite : IAsyncDisposable
    {
        private readonly TestKernel _kernel;

        private MailSite(TestKernel kernel, ManualTime time) => (_kernel, Time) = (kernel, time);

        public ManualTime Time { get; }

        public TestLog Log => _kernel.Log;

        public Outbox Outbox => _kernel.Get<Outbox>();

        public static async Task<MailSite> StartAsync(DatabaseKind kind, int port, MailOptions? options = null)
        {
            var time = new ManualTime();
            var some = options ?? new MailOptions { Security = MailSecurity.None };
            return new MailSite(
                await TestKernel.StartAsync(kind, clock: time, mail: some with { Host = some.Folder is null ? IPAddress.Loopback.ToString() : null, Port = port, From = "calango@example.org" }), time);
        }

        public Task SendAsync() => _kernel.Get<MailSender>().SendDueAsync(Cancelled);

        public Task<MailOutcome> TestAsync(string to) => _kernel.Get<MailSender>().TestAsync(new MailDraft(to, "en", "test", Minute, ("site", "https://chat.example")), Cancelled);

        public Task PutAsync(string to, string language = "en", string link = "https://chat.example/invitations/abc") => _kernel.Get<Database>().WriteAsync(
            db =>
            {
                Outbox.Put(db, new MailDraft(to, language, "invitation", TimeSpan.FromDays(7), ("site", "https://chat.example"), ("link", link)));
                return db.SaveChangesAsync(Cancelled);
            },
            Cancelled);

        public Task<List<OutgoingMail>> AllAsync() => Outbox.ListAsync(null, null, 100, Cancelled);

        public Task ClaimAsync(DateTimeOffset until) => _kernel.Get<Database>().WriteAsync(
            db => db.Set<OutgoingMail>().ExecuteUpdateAsync(set => set.SetProperty(mail => mail.ClaimedUntil, until), Cancelled), Cancelled);

        public ValueTask DisposeAsync() => _kernel.DisposeAsync();
    }
}
