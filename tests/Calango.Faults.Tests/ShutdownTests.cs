using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>A server that is asked to stop while people read.</summary>
public sealed class ShutdownTests
{
    private const int Answers = 12;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Answers_that_end_soon_arrive_whole_and_the_others_are_kept_as_far_as_they_came(DatabaseKind kind)
    {
        await using var installation = await Installation.StartAsync(kind, CancellationToken);
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var brief = await BeginAsync(tab, Answers, "[[n=60 r=6]]");
        var endless = await BeginAsync(tab, Answers, "[[endless=1 r=6]]");
        List<PageReader> all = [.. brief, .. endless];
        var following = Task.WhenAll(all.Select(reader => reader.FollowAsync(cancellationToken: CancellationToken)));
        await Eventually.HoldsAsync("all of them are read", () => Task.FromResult(all.TrueForAll(reader => reader.Events > 0)), CancellationToken);

        var exit = installation.Server.TerminateAsync(CancellationToken);
        await Eventually.HoldsAsync("nothing new is begun", () => IsRefusedAsync(tab), CancellationToken);
        await following;

        Assert.Equal(0, await exit);
        Assert.All(brief, reader => Assert.Equal("Complete", reader.State));
        Assert.All(brief, reader => Assert.Equal(UpstreamReply.WordsOf(60).Trim(), reader.Text.Trim()));
        await installation.RestartAsync();
        using var later = await installation.OpenTabAsync(CancellationToken);
        foreach (var reader in endless)
        {
            var after = await later.ReadAsync(reader.ConversationId, CancellationToken);
            Assert.Equal("Interrupted", after.State);
            Assert.StartsWith(reader.Text.Trim(), after.Text, StringComparison.Ordinal);
        }

        await installation.Oracle.CheckAsync(CancellationToken);
    }

    private static async Task<List<PageReader>> BeginAsync(Tab tab, int count, string marker)
    {
        var sent = await Task.WhenAll(Enumerable.Range(1, count).Select(number => tab.SendAsync($"Number {number} {marker}", cancellationToken: CancellationToken)));
        return [.. sent.Select(answer => tab.Read(answer.Page))];
    }

    // By a 503 on a connection that is open, or by a closed door.
    private static async Task<bool> IsRefusedAsync(Tab tab)
    {
        try
        {
            using var response = await tab.Http.GetAsync("/", CancellationToken);
            return response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null };
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
