using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Identity;

/// <summary>Quotas where several servers share a database.</summary>
public sealed class QuotaReplicaTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_servers_give_out_no_more_together_than_there_is_and_what_a_killed_one_had_put_aside_comes_back()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Default = new UpstreamReply { HoldAfter = 1 };
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var (here, elsewhere) = (TestFolders.NewTemporary("quota-one"), TestFolders.NewTemporary("quota-two"));
        await using var first = await ServerProcess.StartAsync(database, here);
        using var ana = first.Visit();
        var start = await ana.PostAsync("/models/connections/new", Cancelled, ConnectionFields.Of(upstream.Address.ToString()));
        var model = start.QuerySelector("[name=Model]")!.GetAttribute("value")!;
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        await ana.PostAsync("/admin/quotas", Cancelled, ("Scope", "Everybody"), ("Limit", "1200"));
        await using var second = await ServerProcess.StartAsync(database, elsewhere);
        using var there = second.Visit();
        await there.GetAsync("/", Cancelled);

        // Each puts 109 aside: 100 of its answer, and 9 of its prompt.
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            using var answer = await (number % 2 == 0 ? ana : there).TryPostAsync("/messages", Cancelled, ("Text", "Go"), ("Model", model), ("MaxOutputTokens", "100"));
            return (Here: number % 2 == 0, answer.StatusCode);
        }));

        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(29, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Contains(answers, answer => answer is { Here: true, StatusCode: HttpStatusCode.OK });
        Assert.StartsWith("1 token left of 1,200 tokens", await LeftAsync(there), StringComparison.Ordinal);

        await first.KillAsync();
        await Eventually.HoldsAsync(
            "it is given back", async () => !(await LeftAsync(there)).StartsWith("1 token left", StringComparison.Ordinal), Cancelled, TimeSpan.FromSeconds(90));
        await second.KillAsync();
        TestFolders.Delete(here);
        TestFolders.Delete(elsewhere);
    }

    private static async Task<string> LeftAsync(Visitor visitor) => LoginSite.Words((await visitor.GetAsync("/account/quotas", Cancelled)).QuerySelector("#quotas li .row__facts")!.TextContent);
}
