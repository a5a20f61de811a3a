using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Search;

public sealed class SnippetTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_shows_what_the_answer_says_without_its_markdown_and_html()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        app.Upstream.Default = new UpstreamReply
        {
            Text = "## Lizards\n\n- A **gecko** has `sticky` feet & <b>no</b> eyelids.\n\n| kind | legs |\n|---|---|\n| tokay | *4* |\n\n&lt;script&gt;alert(1)&lt;/script&gt;",
        };
        await ana.PostAsync("/messages", CancellationToken, ("Text", "What do they have?"), ("Model", app.Model.ToString()));
        await ana.WholeAsync(ana.Path, answers: 1, CancellationToken);

        var results = await ana.GetAsync("/search?q=gecko", CancellationToken);

        var text = results.QuerySelector("main [data-hit][href*='#message'] .hit__text")!;
        Assert.Equal("Lizards A gecko has sticky feet & no eyelids. kind legs tokay 4 <script>alert(1)</script>", string.Join(' ', text.TextContent.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("gecko", Assert.Single(text.QuerySelectorAll("*")).TextContent);
        Assert.Equal("mark", text.QuerySelector("*")!.LocalName);
    }
}
