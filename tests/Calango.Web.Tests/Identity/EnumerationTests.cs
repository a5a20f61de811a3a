using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Telemetry;

namespace Calango.Web.Tests.Identity;

/// <summary>Nobody learns before the door which addresses have accounts, neither from an answer nor from the work that it took.</summary>
public sealed partial class EnumerationTests
{
    private static readonly string[] OfThisAnswer = ["Date", "X-Request-Id"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/forgotten")]
    [InlineData("/sign-up")]
    public async Task N04_an_address_that_somebody_has_and_one_that_nobody_has_get_the_same_answer_for_the_same_work(string path)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        using var ana = server.App.Visit();
        await ana.GetAsync("/admin/people/sign-ups", Cancelled);
        await ana.PostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", "Open"));
        using var eve = server.App.VisitAsStranger();
        await eve.GetAsync(path, Cancelled);

        var nobodys = await AskAsync(eve, path, "eva@example.org");
        var somebodys = await AskAsync(eve, path, "ana@example.org");

        Assert.Equal(nobodys.Headers, somebodys.Headers);
        Assert.Equal(nobodys.Body, somebodys.Body);
        Assert.Equal((nobodys.Status, nobodys.Kept, nobodys.Compared), (somebodys.Status, somebodys.Kept, somebodys.Compared));
        Assert.Equal((path == "/sign-up" ? 1 : 0, path == "/sign-in" ? 1 : 0), (somebodys.Kept, somebodys.Compared));
    }

    private static async Task<Seen> AskAsync(Visitor visitor, string path, string email)
    {
        var (kept, compared) = await HashesAsync(visitor);
        using var answer = await visitor.TryPostAsync(path, Cancelled, ("Email", email), ("Password", "whatever it may be"), ("Name", "Somebody"), await visitor.WorkAsync(Cancelled));
        var (keptNow, comparedNow) = await HashesAsync(visitor);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => !OfThisAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        var body = Token().Replace(await answer.Content.ReadAsStringAsync(Cancelled), "").Replace(email, "", StringComparison.Ordinal);
        return new Seen((int)answer.StatusCode, string.Join('\n', headers), body, keptNow - kept, comparedNow - compared);
    }

    private static async Task<(double Kept, double Compared)> HashesAsync(Visitor visitor)
    {
        var page = new MetricsPage(await visitor.MetricsAsync(Cancelled));
        return (Of("keep"), Of("compare"));

        double Of(string purpose) => page.Text.Contains($"calango_password_purpose=\"{purpose}\"", StringComparison.Ordinal) ? page.Value("calango_password_hashes_total", $"calango_password_purpose={purpose}") : 0;
    }

    private sealed record Seen(int Status, string Headers, string Body, double Kept, double Compared);

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"[^\"]*\"")]
    private static partial Regex Token();
}
