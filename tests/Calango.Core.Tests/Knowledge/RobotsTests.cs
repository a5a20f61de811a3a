using System.Text;
using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>What a site's robots.txt allows (RFC 9309).</summary>
public sealed class RobotsTests
{
    [Theory]
    [InlineData("", "/anything", true)]
    [InlineData("User-agent: *\nDisallow: /", "/page", false)]
    [InlineData("User-agent: *\nDisallow:", "/page", true)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: calango\nDisallow: /no", "/page", true)]
    [InlineData("User-agent: other\nUser-agent: CALANGO\nDisallow: /no # a comment\n", "/nothing", false)]
    [InlineData("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true)]
    [InlineData("User-agent: *\nAllow: /a\nDisallow: /a", "/a", true)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$", "/papers/one.pdf", false)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$", "/papers/one.pdf?page=2", true)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$", "/a.pdf/b.pdf", false)]
    [InlineData("User-agent: *\r\nDisallow: /*?sort=\r\n", "/list?sort=up", false)]
    [InlineData("Disallow: /", "/page", true)]
    public void The_rule_that_says_most_counts_of_those_for_us_or_else_for_all(string rules, string path, bool allowed) =>
        Assert.Equal(allowed, Robots.Parse(Encoding.UTF8.GetBytes(rules)).Allow(new Uri("https://example.org" + path)));

    [Theory]
    [InlineData("User-agent: *\nCrawl-delay: 2.5", 2.5)]
    [InlineData("User-agent: *\nCrawl-delay: 9000", 10)]
    [InlineData("User-agent: *\nCrawl-delay: -1", 0)]
    [InlineData("User-agent: other\nCrawl-delay: 5", 0)]
    public void It_may_ask_for_a_pause_but_for_no_endless_one(string rules, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Robots.Parse(Encoding.UTF8.GetBytes(rules)).Pause);
}
