using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Identity;

/// <summary>What is kept of somebody who wants an account, and for how long.</summary>
public sealed class SignUpTests : IDisposable
{
    private static readonly NewPerson Carla = new("Carla", "carla@example.org", "lizards sleep in the sun");

    private readonly string _folder = TestFolders.NewTemporary("mail");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolders.Delete(_folder);

    [EachDatabase]
    public async Task A_link_makes_one_account_however_often_it_is_used_at_once(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind, TimeProvider.System);
        var key = await AskAsync(kernel);

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await kernel.Get<SignUps>().OpenAsync(key, Carla.Password, Cancelled);
                return true;
            }
            catch (NotFoundException)
            {
                return false;
            }
        }));

        Assert.Single(made, isMade => isMade);
        Assert.Single(await kernel.Get<Database>().ReadAsync(db => db.Set<Credentials>().ToListAsync(Cancelled), Cancelled), credentials => credentials is { Email: "carla@example.org", IsEmailConfirmed: true });
    }

    [EachDatabase]
    public async Task A_link_is_over_after_a_day_and_nothing_of_it_stays(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await StartAsync(kind, clock);
        var key = await AskAsync(kernel);
        var stored = Assert.Single(await kernel.Get<Database>().ReadAsync(db => db.Set<SignUp>().ToListAsync(Cancelled), Cancelled));
        Assert.DoesNotContain(Carla.Password, stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(32, stored.KeyHash.Length);
        clock.Advance(SignUps.Lifetime - TimeSpan.FromSeconds(1));
        await kernel.Get<SignUps>().FindAsync(key, Cancelled);

        clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Get<SignUps>().OpenAsync(key, Carla.Password, Cancelled));
        Assert.Equal(1, await kernel.Get<SignUpCleanUp>().RemoveSomeAsync(Cancelled));
        Assert.Empty(await kernel.Get<Database>().ReadAsync(db => db.Set<SignUp>().ToListAsync(Cancelled), Cancelled));
    }

    [EachDatabase]
    public async Task Of_two_links_of_one_address_the_first_that_is_opened_counts(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind, TimeProvider.System);
        var (first, second) = (await AskAsync(kernel), await AskAsync(kernel));

        await kernel.Get<SignUps>().OpenAsync(second, Carla.Password, Cancelled);

        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Get<SignUps>().OpenAsync(first, Carla.Password, Cancelled));
    }

    private async Task<TestKernel> StartAsync(DatabaseKind kind, TimeProvider clock)
    {
        var kernel = await TestKernel.StartAsync(kind, clock: clock, mail: new MailOptions { Folder = _folder, From = "calango@example.org" });
        await kernel.Get<SignUps>().SetPolicyAsync(new SignUpPolicy { Way = SignUpWay.Open }, Cancelled);
        return kernel;
    }

    private static async Task<string> AskAsync(TestKernel kernel)
    {
        var key = "";
        var draft = new MailDraft(Carla.Email, "en", "signUp", SignUps.Lifetime, ("site", "https://calango.example"), ("link", "https://calango.example/sign-up/key"));
        await kernel.Get<SignUps>().AskAsync(Carla, given => { key = given; return draft; }, draft, Cancelled);
        return key;
    }
}
