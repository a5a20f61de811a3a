using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Identity;

/// <summary>Nobody's mail is filled with links for another password.</summary>
public sealed class PasswordResetLimitTests : IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("mail");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [EachDatabase]
    public async Task An_address_gets_three_links_an_hour_whoever_asks_and_the_answer_is_the_same(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await TestKernel.StartAsync(kind, clock: clock, mail: new MailOptions { Folder = _folder, From = "calango@example.org" });
        await kernel.Get<Accounts>().SetUpAsync(new NewPerson("Ana", "ana@example.org", Visitor.Password), Cancelled);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(kernel, "ana@example.org")));

        Assert.All(answers, answer => Assert.Equal(Account.LocalId, answer));
        Assert.Equal(3, await LettersAsync(kernel));
        Assert.Null(await AskAsync(kernel, "nobody@example.org"));
        clock.Advance(TimeSpan.FromMinutes(59));
        await AskAsync(kernel, "ana@example.org");
        Assert.Equal(3, await LettersAsync(kernel));
        clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(kernel, "ANA@example.org");
        Assert.Equal(4, await LettersAsync(kernel));
    }

    private static Task<Guid?> AskAsync(TestKernel kernel, string email) => kernel.Get<PasswordReset>().AskAsync(
        email, token => new MailDraft(email, "en", "reset", PasswordReset.Lifetime, ("site", "https://calango.example"), ("link", $"https://calango.example/reset?token={token}")), Cancelled);

    private static Task<int> LettersAsync(TestKernel kernel) => kernel.Get<Database>().ReadAsync(db => db.Set<OutgoingMail>().CountAsync(Cancelled), Cancelled);
}
