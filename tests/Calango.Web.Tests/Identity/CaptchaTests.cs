using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Identity;

/// <summary>Some work before a form is taken: each challenge counts once, and only as it was given out.</summary>
public sealed class CaptchaTests : IAsyncLifetime
{
    private static readonly string LibraryFolder = Path.Combine(TestFolders.Repository, "tests", "AltchaLib");

    private int _networks;
    private MailedServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await MailedServer.StartAsync(("CALANGO_PROXIES", "127.0.0.1"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Captcha_replay_forged_challenge_edited_expiry_and_garbage_are_refused_and_nothing_else_happens()
    {
        using var eve = _server.App.VisitAsStranger();
        await eve.GetAsync("/forgotten", Cancelled);
        var work = await CaptchaWork.DoAsync(eve.Http, Cancelled);
        var asked = await CaptchaWork.DoAsync(eve.Http, Cancelled);

        foreach (var (what, answer) in Bent(work, asked))
        {
            await AssertRefusedAsync(what, answer);
        }

        Assert.Empty(_server.Mail.Received);
        using var ana = _server.App.Visit();
        Assert.DoesNotContain("Link for another password asked for", await ActsAsync(ana), StringComparison.Ordinal);
        using var right = await AskAsync(eve, ("Captcha", work.Answer));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        await AssertRefusedAsync("the replay", work.Answer);
        await AssertRefusedAsync("the replay in other letters", work.Answer + "\n");
        await _server.ReceivedAsync(1, Cancelled);

        async Task AssertRefusedAsync(string what, string? answer)
        {
            using var refused = await AskAsync(eve, answer is null ? ("Other", "") : ("Captcha", answer));
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{what}: {(int)refused.StatusCode}");
            var page = await Reading.PageAsync(refused, Cancelled);
            Assert.StartsWith("Nothing was sent:", page.QuerySelector(".captcha [role=alert]")?.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_many_who_send_one_answer_at_once_one_is_heard()
    {
        using var eve = _server.App.VisitAsStranger();
        await eve.GetAsync("/forgotten", Cancelled);
        var work = await eve.WorkAsync(Cancelled);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(eve, work)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Altchas_own_library_works_it_out()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(LibraryFolder, "node_modules")), "The library is not installed; ./calango test does it.");
        using var node = Process.Start(new ProcessStartInfo("node", ["solve.mjs", new Uri(_server.App.Address, "/captcha").ToString()]) { WorkingDirectory = LibraryFolder, RedirectStandardOutput = true })!;
        var answer = (await node.StandardOutput.ReadToEndAsync(Cancelled)).Trim();
        await node.WaitForExitAsync(Cancelled);
        using var ana = _server.App.VisitAsStranger();
        await ana.GetAsync("/forgotten", Cancelled);

        using var taken = await AskAsync(ana, ("Captcha", answer));

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await _server.ReceivedAsync(1, Cancelled);
    }

    [Theory]
    [InlineData("ana@example.org")]
    [InlineData("nobody@example.org")]
    public async Task After_three_failures_a_sign_in_takes_work_whoever_has_the_address(string email)
    {
        using var eve = From("203.0.113.1");
        Assert.Null((await eve.GetAsync("/sign-in", Cancelled)).QuerySelector("[data-captcha]"));
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(guess == 2, await IsAskedAsync(eve, email, "not the password"));
        }

        // The address, from elsewhere.
        using var other = From("203.0.113.2");
        Assert.Null((await other.GetAsync("/sign-in", Cancelled)).QuerySelector("[data-captcha]"));
        Assert.True(await IsAskedAsync(other, email, Visitor.Password));
        Assert.Null(other.Session);
        // Another address, from there.
        Assert.NotNull((await eve.GetAsync("/sign-in", Cancelled)).QuerySelector("[data-captcha]"));
        Assert.True(await IsAskedAsync(eve, "somebody@example.org", "not the password"));
        // Both are others: nothing is asked.
        Assert.False(await IsAskedAsync(other, "somebody@example.org", "not the password"));

        using var worked = await other.TryPostAsync("/sign-in", Cancelled, ("Email", email), ("Password", Visitor.Password), await other.WorkAsync(Cancelled));
        Assert.Equal(email.StartsWith("ana", StringComparison.Ordinal), other.Session is not null);
    }

    [Fact]
    public async Task Whoever_comes_in_is_not_asked_again_but_those_from_where_it_failed_are()
    {
        using var ana = From("203.0.113.1");
        await ana.GetAsync("/sign-in", Cancelled);
        for (var guess = 0; guess < 3; guess++)
        {
            await IsAskedAsync(ana, "ana@example.org", "not the password");
        }

        await ana.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password), await ana.WorkAsync(Cancelled));
        Assert.NotNull(ana.Session);

        using var elsewhere = From("203.0.113.2");
        await elsewhere.GetAsync("/sign-in", Cancelled);
        await elsewhere.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));
        Assert.NotNull(elsewhere.Session);
        using var there = From("203.0.113.1");
        Assert.NotNull((await there.GetAsync("/sign-in", Cancelled)).QuerySelector("[data-captcha]"));
    }

    // What is wrong, and the answer; null: there is none.
    private static IEnumerable<(string What, string? Answer)> Bent(CaptchaWork work, CaptchaWork other)
    {
        var salt = work.Salt;
        var end = long.Parse(salt[(salt.IndexOf('=', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture);
        var later = salt.Replace($"{end}", $"{end + 600}", StringComparison.Ordinal);
        var digits = $"{work.Number}";
        var spliced = work with { Salt = salt + digits[0], Number = digits.Length > 1 ? int.Parse(digits[1..], CultureInfo.InvariantCulture) : 0 };
        return
        [
            ("nothing", null), ("an empty one", ""), ("no base64", "%%%"), ("no JSON", Base64("nonsense")), ("null", Base64("null")), ("a list", Base64("[]")), ("an empty object", Base64("{}")),
            ("a depth", Base64(new string('[', 700))), ("a length", new string('A', 5_000)), ("text for a number", Base64($"{{\"algorithm\":\"SHA-256\",\"challenge\":\"{work.Challenge}\",\"number\":\"{work.Number}\",\"salt\":\"{salt}\",\"signature\":\"{work.Signature}\"}}")),
            ("another number", (work with { Number = work.Number + 1 }).Answer), ("another hash", (work with { Algorithm = "SHA-1" }).Answer), ("no signature", (work with { Signature = "" }).Answer),
            ("a challenge of one's own", new CaptchaWork("SHA-256", CaptchaWork.HashOf(salt, 7), 7, salt, work.Signature).Answer),
            ("the signature of another", (work with { Signature = other.Signature }).Answer), ("the salt of another", (work with { Salt = other.Salt }).Answer),
            ("another end", (work with { Salt = later }).Answer), ("another end with its challenge", (work with { Salt = later, Challenge = CaptchaWork.HashOf(later, work.Number) }).Answer),
            ("a salt that was cut", (work with { Salt = salt[..^1] }).Answer), ("a salt that took digits of the number", spliced.Answer),
            ("what is no query", (work with { Salt = salt.Replace("?expires", "?expired", StringComparison.Ordinal) }).Answer),
        ];

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    private async Task<HttpResponseMessage> AskAsync(Visitor visitor, (string Name, string Value) work)
    {
        // A network of their own each: limits are another test's.
        visitor.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{Interlocked.Increment(ref _networks)}");
        return await visitor.TryPostAsync("/forgotten", Cancelled, ("Email", "ana@example.org"), work);
    }

    private Visitor From(string network)
    {
        var visitor = _server.App.VisitAsStranger();
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", network);
        return visitor;
    }

    // Whether the answer to a sign-in asks for work.
    private static async Task<bool> IsAskedAsync(Visitor visitor, string email, string password)
    {
        using var answer = await visitor.TryPostAsync("/sign-in", Cancelled, ("Email", email), ("Password", password));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return (await Reading.PageAsync(answer, Cancelled)).QuerySelector("[data-captcha]") is not null;
    }

    private static async Task<string> ActsAsync(Visitor visitor) => (await visitor.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent;
}
