using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>A model service that sends what no database takes.</summary>
public sealed class CharacterTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R13_Broken_characters_in_a_long_answer_cost_neither_the_answer_nor_the_server(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        installation.Upstream.Enqueue(new UpstreamReply { Text = $"nul \0 here {UpstreamReply.WordsOf(300)}", Rate = 100 });
        var sent = await tab.SendAsync("Say something odd.", cancellationToken: CancellationToken);
        var reader = tab.Read(sent.Page);
        await reader.FollowToTheEndAsync(CancellationToken);

        Assert.Equal("Complete", reader.State);
        Assert.EndsWith("w300", reader.Text.Trim(), StringComparison.Ordinal);
    });
}
