using Calango.Core.Audit;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.PersonalData;
using Calango.Core.Tests.Jobs;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.PersonalData;

/// <summary>Nothing of somebody stays, and nothing of anybody else goes.</summary>
public sealed class AccountRemoverTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task An_account_goes_with_every_row_that_is_theirs_and_the_neighbours_stay(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var (bruno, carla) = (await Belongings.AddPersonAsync(kernel, "Bruno"), await Belongings.AddPersonAsync(kernel, "Carla"));
        var (his, hers) = (await Belongings.CountAsync(kernel, bruno), await Belongings.CountAsync(kernel, carla));
        Assert.DoesNotContain(his, column => column.Value == 0);
        await AskAsync(kernel, bruno);

        await GoOnAsync(kernel, TimeSpan.FromDays(14) - Minute);
        Assert.Equal(his["conversations.AccountId"], (await Belongings.CountAsync(kernel, bruno))["conversations.AccountId"]);
        await GoOnAsync(kernel, Minute);
        await GoOnAsync(kernel, Minute);

        Assert.DoesNotContain(await Belongings.CountAsync(kernel, bruno), column => column.Value != 0);
        Assert.Equal(hers, await Belongings.CountAsync(kernel, carla));
        Assert.Equal(0, await CountAsync(kernel, "bruno@example.org"));
        var act = Assert.Single(await kernel.AllAsync<AuditEntry>());
        Assert.Equal((AuditActs.AccountRemoved, bruno.ToString()), (act.Act, act.Subject));
    }

    [EachDatabase]
    public async Task Asking_again_does_not_move_the_day(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var bruno = await Belongings.AddPersonAsync(kernel, "Bruno");
        await AskAsync(kernel, bruno);
        await GoOnAsync(kernel, TimeSpan.FromDays(13));
        await AskAsync(kernel, bruno);

        await GoOnAsync(kernel, TimeSpan.FromDays(1));
        await GoOnAsync(kernel, Minute);

        Assert.Equal(0, await CountAsync(kernel, "bruno@example.org"));
    }

    [EachDatabase]
    public async Task An_account_in_which_an_answer_is_still_written_waits_for_it(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var bruno = await Belongings.AddPersonAsync(kernel, "Bruno");
        var chat = await kernel.AddChatAsync("Sucuri", answers: 1, TurnState.Running, bruno);
        await AskAsync(kernel, bruno);
        await GoOnAsync(kernel, TimeSpan.FromDays(14));
        await GoOnAsync(kernel, Minute);
        Assert.Equal(1, (await kernel.RowsOfAsync(chat)).Turns);

        await kernel.Get<Database>().WriteAsync(
            db => db.Set<Turn>().Where(turn => turn.ConversationId == chat).ExecuteUpdateAsync(set => set.SetProperty(turn => turn.State, TurnState.Complete), Cancelled), Cancelled);
        await GoOnAsync(kernel, Minute);

        Assert.Equal(ChatRows.None, await kernel.RowsOfAsync(chat));
    }

    [EachDatabase]
    public async Task An_account_that_is_kept_in_time_stays_and_one_that_is_being_removed_cannot_be_kept(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var (bruno, carla) = (await Belongings.AddPersonAsync(kernel, "Bruno"), await Belongings.AddPersonAsync(kernel, "Carla"));
        await AskAsync(kernel, bruno);
        await AskAsync(kernel, carla);
        await InScopeAsync(kernel, people => people.KeepAsync(bruno, Cancelled));

        await GoOnAsync(kernel, TimeSpan.FromDays(14));

        await Assert.ThrowsAsync<NotFoundException>(() => InScopeAsync(kernel, people => people.KeepAsync(carla, Cancelled)));
        await Assert.ThrowsAsync<NotFoundException>(() => InScopeAsync(kernel, people => people.RestoreAsync(carla, Cancelled)));
        await GoOnAsync(kernel, Minute);
        Assert.Equal((1, 0), (await CountAsync(kernel, "bruno@example.org"), await CountAsync(kernel, "carla@example.org")));
    }

    [EachDatabase]
    public async Task The_last_one_who_runs_the_server_cannot_be_removed_and_once_the_first_is_gone_nobody_is_set_up_anew(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var bruno = await Belongings.AddPersonAsync(kernel, "Bruno", Account.LocalId);
        var carla = await Belongings.AddPersonAsync(kernel, "Carla");
        await Assert.ThrowsAsync<RejectedException>(() => AskAsync(kernel, bruno));
        await InScopeAsync(kernel, people => people.ChangeRoleAsync(carla, Role.AdminId, Cancelled));

        await AskAsync(kernel, bruno);
        await Assert.ThrowsAsync<RejectedException>(() => AskAsync(kernel, carla));
        await GoOnAsync(kernel, TimeSpan.FromDays(14));
        await GoOnAsync(kernel, Minute);

        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<Accounts>();
        Assert.Equal(0, await CountAsync(kernel, "bruno@example.org"));
        Assert.True(await accounts.AreSetUpAsync(Cancelled));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.SetUpAsync(new NewPerson("Eve", "eve@example.org", Visitor.Password), Cancelled));
    }

    private static Task<JobKernel> StartAsync(DatabaseKind kind) => JobKernel.StartAsync(kind, secret: new ServerSecret("a secret that only this test has, long enough"));

    private static async Task GoOnAsync(JobKernel kernel, TimeSpan time)
    {
        kernel.Time.Advance(time);
        await kernel.Get<AccountRemover>().RemoveDueAsync(Cancelled);
    }

    private static async Task AskAsync(JobKernel kernel, Guid id)
    {
        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountRemoval>().AskForAsync(id, _ => throw new InvalidOperationException("No e-mail leaves this server."), Cancelled);
    }

    private static async Task InScopeAsync(JobKernel kernel, Func<People, Task> act)
    {
        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<People>());
    }

    private static Task<int> CountAsync(JobKernel kernel, string email) =>
        kernel.Get<Database>().ReadAsync(db => db.Set<Credentials>().CountAsync(credentials => credentials.Email == email, Cancelled), Cancelled);
}
