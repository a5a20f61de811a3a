using System.Net;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Chat;

/// <summary>The trace of an answer, after what was sent for it has been cleaned up.</summary>
public sealed class TraceTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_that_what_was_sent_is_not_kept_and_still_shows_how_it_went()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.PostAsync("/messages", CancellationToken, ("Text", "Count [[n=5 u=1]]"), ("Model", app.Model.ToString()));
        var page = await ana.WholeAsync(ana.Path, answers: 1, CancellationToken);
        var trace = page.QuerySelector(".facts a")!.GetAttribute("href")!;
        Assert.NotNull((await ana.GetAsync(trace, CancellationToken)).QuerySelector(".trace__message"));
        await app.Services.GetRequiredService<Database>().WriteAsync(db => db.Set<TurnTrace>().ExecuteDeleteAsync(CancellationToken), CancellationToken);

        var after = await ana.GetAsync(trace, CancellationToken);

        Assert.Contains("What was sent for this answer is not kept.", after.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("The model was not called.", after.Body.TextContent, StringComparison.Ordinal);
        Assert.Contains("fake", after.QuerySelector(".trace__facts")!.TextContent, StringComparison.Ordinal);
        Assert.Null(after.QuerySelector(".trace__text"));
        using var again = await ana.TryPostAsync(trace.Replace("/trace", "/reruns", StringComparison.Ordinal), CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }
}
