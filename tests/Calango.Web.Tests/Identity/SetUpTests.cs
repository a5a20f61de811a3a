using System.Net;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

public sealed class SetUpTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Token => _app.Services.GetRequiredService<SetUpToken>().Text;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, setUp: false);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Whoever_knows_the_token_makes_the_first_account_and_runs_the_server()
    {
        using var ana = _app.VisitAsStranger();
        var page = await ana.GetAsync("/", Cancelled);
        Assert.Equal("/setup", ana.Path);
        Assert.NotNull(page.QuerySelector("[name='Token']"));

        await ana.SetUpAsync(Token, Cancelled);

        Assert.NotNull((await ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector("main"));
        Assert.Contains("ana@example.org", (await ana.GetAsync("/account", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ana.Http.GetAsync("/setup", Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000-00000-00000-00000")]
    public async Task Without_the_token_nobody_makes_an_account(string token)
    {
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/setup", Cancelled);

        using var response = await eve.TryPostAsync("/setup", Cancelled, [("Token", token), .. Eve(0)]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, await AccountsAsync());
    }

    [Fact]
    public async Task Of_fifty_who_know_the_token_at_once_exactly_one_runs_the_server()
    {
        var people = Enumerable.Range(0, 50).Select(_ => _app.VisitAsStranger()).ToList();
        await Task.WhenAll(people.Select(person => person.GetAsync("/setup", Cancelled)));

        var answers = await Task.WhenAll(people.Select((person, number) => person.TryPostAsync("/setup", Cancelled, [("Token", Token), .. Eve(number)])));

        Assert.Equal(1, await AccountsAsync());
        Assert.Single(people, person => person.Session is not null);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        people.ForEach(person => person.Dispose());
    }

    [Fact]
    public async Task What_is_wrong_is_said_field_by_field_and_the_rest_stays()
    {
        using var ana = _app.VisitAsStranger();
        await ana.GetAsync("/setup", Cancelled);

        using var response = await ana.TryPostAsync("/setup", Cancelled, ("Token", Token), ("Name", "Ana"), ("Email", "ana"), ("Password", "short"));
        var page = await Reading.PageAsync(response, Cancelled);

        Assert.Equal("Enter an e-mail address.", page.QuerySelector("#field-email-error")?.TextContent);
        Assert.Equal("Take at least 12 characters.", page.QuerySelector("#field-password-error")?.TextContent);
        Assert.Equal("Ana", page.QuerySelector("#field-name")?.GetAttribute("value"));
        Assert.Null(page.QuerySelector("#field-password")?.GetAttribute("value"));
    }

    private static (string, string)[] Eve(int number) => [("Name", $"Eve {number}"), ("Email", $"eve{number}@example.org"), ("Password", Visitor.Password)];

    private Task<int> AccountsAsync() => _app.Services.GetRequiredService<Database>().ReadAsync(db => db.Set<Credentials>().CountAsync(Cancelled), Cancelled);
}
