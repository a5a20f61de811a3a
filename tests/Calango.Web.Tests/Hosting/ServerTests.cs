using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Hosting;

public sealed class ServerTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_message_sent_without_scripts_is_answered_and_still_there_after_a_restart(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        app.Upstream.Enqueue(new UpstreamReply { Text = "Lizards sleep in the sun." });
        using var ana = app.Visit();

        await ana.PostAsync("/messages", CancellationToken, ("Text", "Where do lizards sleep?"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        await Eventually.HoldsAsync("the answer is shown", async () => (await ReadAsync(ana, chat)).Contains("Lizards sleep in the sun.", StringComparison.Ordinal), CancellationToken);

        await app.RestartAsync();
        using var again = app.Visit();
        var text = await ReadAsync(again, chat);
        Assert.Contains("Where do lizards sleep?", text, StringComparison.Ordinal);
        Assert.Contains("Lizards sleep in the sun.", text, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_server_that_is_asked_to_stop_stops_cleanly_and_starts_again(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var data = TestFolders.NewTemporary("data");

        await using (var first = await ServerProcess.StartAsync(database, data))
        {
            using var visitor = first.Visit();
            using var ready = await visitor.Http.GetAsync("/health/ready", CancellationToken);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            Assert.Equal(0, await first.TerminateAsync(CancellationToken));
        }

        await using var second = await ServerProcess.StartAsync(database, data);
        using var later = second.Visit();
        Assert.NotNull((await later.GetAsync("/", CancellationToken)).QuerySelector("main"));
        TestFolders.Delete(data);
    }

    private static async Task<string> ReadAsync(Visitor visitor, string path) => (await visitor.GetAsync(path, CancellationToken)).Body!.TextContent;
}
