using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Chat;

/// <summary>Turns that wait for a free place of the server.</summary>
public sealed class QueueTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Nobody_waits_for_all_that_another_asked_for(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, settings: [new("CALANGO_TURNS_MAXCONCURRENT", "1")]);
        var bruno = new Account { Id = Guid.CreateVersion7(), TitleMode = TaskMode.Off };
        await app.Services.GetRequiredService<Database>().WriteAsync(async db => { db.Add(bruno); await db.SaveChangesAsync(); }, CancellationToken);
        await app.Services.GetRequiredService<TaskChoices>().ChooseAsync(Account.LocalId, ModelTask.Title, TaskMode.Off, null, CancellationToken);
        app.Upstream.Enqueue(new UpstreamReply { HoldAfter = 1 });
        await AskAsync(app, Account.LocalId, "ana 1");
        await app.Upstream.NextRequestAsync(CancellationToken);

        var second = await AskAsync(app, Account.LocalId, "ana 2");
        await AskAsync(app, Account.LocalId, "ana 3");
        var first = await AskAsync(app, bruno.Id, "bruno 1");
        await AskAsync(app, bruno.Id, "bruno 2");
        Assert.Equal((1, 2), (PlaceOf(app, bruno.Id, first), PlaceOf(app, Account.LocalId, second)));
        app.Upstream.Release();

        await Eventually.HoldsAsync("all were asked", () => Task.FromResult(app.Upstream.Requests.Count == 5), CancellationToken);
        Assert.Equal(["ana 1", "bruno 1", "ana 2", "bruno 2", "ana 3"], app.Upstream.Requests.Select(request => request.LastUserText));
    }

    private static async Task<Turn> AskAsync(TestApp app, Guid account, string text) => (await app.Services.GetRequiredService<Turns>().AskAsync(
        account, new NewMessage(null, text, Guid.CreateVersion7(), app.Model, "test"), CancellationToken)).Turn;

    private static int? PlaceOf(TestApp app, Guid account, Turn turn) =>
        app.Services.GetRequiredService<Turns>().Live(account, turn.Id)!.Log.Read(0).Progress.QueuePlace;
}
