using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Identity;

/// <summary>How long, and how often, a link changes an address.</summary>
public sealed class EmailChangeTests : IDisposable
{
    private const string Password = "lizards sleep in the sun";
    private readonly string _folder = TestFolders.NewTemporary("mail");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [EachDatabase]
    public async Task A_link_is_over_after_an_hour(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await StartAsync(kind, clock);
        var token = await AskAsync(kernel, "next@example.org");
        clock.Advance(EmailChange.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal("next@example.org", await kernel.Get<EmailChange>().FindAsync(token, Cancelled));

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await kernel.Get<EmailChange>().FindAsync(token, Cancelled));
        await Assert.ThrowsAsync<RejectedException>(() => kernel.Get<EmailChange>().RunAsync(token, session: null, Cancelled));
        Assert.Equal("ana@example.org", Assert.Single(await kernel.Get<Database>().ReadAsync(db => db.Set<Credentials>().ToListAsync(Cancelled), Cancelled)).Email);
    }

    [EachDatabase]
    public async Task Of_many_links_that_are_used_at_once_one_counts(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind, TimeProvider.System);
        var tokens = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            tokens.Add(await AskAsync(kernel, $"next{number}@example.org"));
        }

        var done = await Task.WhenAll(tokens.Concat(tokens).Select(async token =>
        {
            try
            {
                await kernel.Get<EmailChange>().RunAsync(token, session: null, Cancelled);
                return true;
            }
            catch (RejectedException)
            {
                return false;
            }
        }));

        Assert.Single(done, isDone => isDone);
    }

    private async Task<TestKernel> StartAsync(DatabaseKind kind, TimeProvider clock)
    {
        var kernel = await TestKernel.StartAsync(kind, clock: clock, mail: new MailOptions { Folder = _folder, From = "calango@example.org" });
        await kernel.Get<Accounts>().SetUpAsync(new NewPerson("Ana", "ana@example.org", Password), Cancelled);
        return kernel;
    }

    private static async Task<string> AskAsync(TestKernel kernel, string email)
    {
        var token = "";
        var draft = new MailDraft(email, "en", "email", EmailChange.Lifetime, ("site", "https://calango.example"), ("link", "https://calango.example/email"));
        await kernel.Get<EmailChange>().AskAsync(Account.LocalId, Password, email, given => { token = given; return draft; }, draft, Cancelled);
        return token;
    }
}
