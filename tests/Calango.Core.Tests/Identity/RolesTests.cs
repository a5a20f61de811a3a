using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.Identity;

/// <summary>Roles where two things happen to them at once, and who may do what after an update.</summary>
public sealed class RolesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task The_roles_that_come_along_let_people_do_what_they_could_before(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);

        Assert.Equal(
            [("admin", Grants.Chat | Grants.Administer | Grants.Programs, 1), ("member", Grants.Chat | Grants.Programs, 0), ("reader", Grants.Programs, 0)],
            (await kernel.Get<Roles>().ListAsync(Cancelled)).Select(size => (size.Role.Name, size.Role.Grants, size.People)));
    }

    [EachDatabase]
    public async Task Two_who_run_the_server_cannot_both_lose_that_at_once_whichever_way(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var roles = kernel.Get<Roles>();
        for (var round = 0; round < 10; round++)
        {
            var operators = await roles.AddAsync($"Operators {round}", Grants.Administer, Cancelled);
            var bruno = await AddAsync(kernel, operators);

            var lost = await Task.WhenAll(
                TakesAsync(() => roles.ChangeAsync(operators, name: null, Grants.Chat, Cancelled)),
                TakesAsync(() => InScopeAsync(kernel, people => people.SuspendAsync(Account.LocalId, Cancelled))),
                TakesAsync(() => InScopeAsync(kernel, people => people.ChangeRoleAsync(Account.LocalId, Role.ReaderId, Cancelled))),
                TakesAsync(() => InScopeAsync(kernel, people => people.SuspendAsync(bruno, Cancelled))));

            Assert.Contains(lost, isLost => !isLost);
            Assert.NotEmpty(await kernel.Get<Database>().ReadAsync(db => Roles.WhoMay(db, Grants.Administer).Where(account => account.SuspendedAt == null).ToListAsync(Cancelled), Cancelled));
            await kernel.Get<Database>().WriteAsync(
                async db =>
                {
                    await db.Set<Account>().Where(account => account.Id == Account.LocalId).ExecuteUpdateAsync(
                        set => set.SetProperty(account => account.RoleId, Role.AdminId).SetProperty(account => account.SuspendedAt, (DateTimeOffset?)null), Cancelled);
                    await db.Set<Account>().Where(account => account.Id == bruno).ExecuteDeleteAsync(Cancelled);
                },
                Cancelled);
        }
    }

    [EachDatabase]
    public async Task A_role_that_is_removed_while_somebody_gets_it_leaves_nobody_without_one(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var roles = kernel.Get<Roles>();
        var bruno = await AddAsync(kernel, Role.MemberId);
        for (var round = 0; round < 10; round++)
        {
            var press = await roles.AddAsync($"Press {round}", Grants.Chat, Cancelled);
            var editors = await roles.AddAsync($"Editors {round}", Grants.Chat, Cancelled);
            var key = "";

            var done = await Task.WhenAll(
                TakesAsync(() => roles.RemoveAsync(press, Cancelled)),
                TakesAsync(() => InScopeAsync(kernel, people => people.ChangeRoleAsync(bruno, press, Cancelled))),
                TakesAsync(() => roles.RemoveAsync(editors, Cancelled)),
                TakesAsync(async () => key = await InviteAsync(kernel, $"carla{round}@example.org", editors)));

            Assert.NotEqual(done[0], done[1]);
            Assert.NotEqual(done[2], done[3]);
            Assert.Equal(done[3], await TakesAsync(() => AcceptAsync(kernel, key)));
            await InScopeAsync(kernel, people => people.ChangeRoleAsync(bruno, Role.MemberId, Cancelled));
        }

        Assert.Equal(0, await kernel.Get<Database>().ReadAsync(db => db.Set<Account>().CountAsync(account => !db.Set<Role>().Any(role => role.Id == account.RoleId), Cancelled), Cancelled));
    }

    [EachDatabase]
    public async Task There_are_no_more_than_a_hundred_however_many_are_made_at_once(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        var roles = kernel.Get<Roles>();

        var made = await Task.WhenAll(Enumerable.Range(0, 110).Select(number => TakesAsync(() => roles.AddAsync($"Role {number}", Grants.None, Cancelled))));

        Assert.Equal((97, 100), (made.Count(isMade => isMade), (await roles.AllAsync(Cancelled)).Count));
        Assert.Equal("roles.tooMany", (await Assert.ThrowsAsync<RejectedException>(() => roles.AddAsync("One more", Grants.None, Cancelled))).Code);
    }

    [EachDatabase]
    public async Task A_role_is_made_once_of_many_tries_at_once_and_an_invitation_that_is_over_does_not_keep_it(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await StartAsync(kind, clock);
        var roles = kernel.Get<Roles>();
        string[] names = ["Press", "PRESS", "press"];
        var made = await Task.WhenAll(names.Select(name => TakesAsync(() => roles.AddAsync(name, Grants.Chat, Cancelled))));
        Assert.Single(made, isMade => isMade);
        var press = (await roles.AllAsync(Cancelled))[^1].Id;
        await InviteAsync(kernel, "carla@example.org", press);
        Assert.Equal("roles.inUse", (await Assert.ThrowsAsync<RejectedException>(() => roles.RemoveAsync(press, Cancelled))).Code);

        clock.Advance(Invitations.Lifetime);
        await roles.RemoveAsync(press, Cancelled);

        await Assert.ThrowsAsync<NotFoundException>(() => roles.RemoveAsync(press, Cancelled));
        Assert.Equal(3, (await roles.AllAsync(Cancelled)).Count);
    }

    private static Task<TestKernel> StartAsync(DatabaseKind kind, TimeProvider? clock = null) =>
        TestKernel.StartAsync(kind, clock: clock, secret: new ServerSecret("a secret that only this test has, long enough"));

    private static async Task<bool> TakesAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception refusal) when (refusal is RejectedException or NotFoundException)
        {
            return false;
        }
    }

    private static Task<Guid> AddAsync(TestKernel kernel, Guid roleId) => kernel.Get<Database>().WriteAsync(
        async db =>
        {
            var account = new Account { Id = Guid.CreateVersion7(), Name = "Bruno", RoleId = roleId };
            db.Add(account);
            await db.SaveChangesAsync(Cancelled);
            return account.Id;
        },
        Cancelled);

    private static async Task InScopeAsync(TestKernel kernel, Func<People, Task> act)
    {
        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<People>());
    }

    private static async Task<string> InviteAsync(TestKernel kernel, string email, Guid roleId)
    {
        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Invitations>().InviteAsync(Account.LocalId, email, roleId, mail: null, Cancelled);
    }

    private static async Task AcceptAsync(TestKernel kernel, string key)
    {
        await using var scope = kernel.Get<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Invitations>().AcceptAsync(key, "Carla", Visitor.Password, Cancelled);
    }
}
