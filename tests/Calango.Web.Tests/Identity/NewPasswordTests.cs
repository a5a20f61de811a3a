using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Which passwords nobody gets, wherever one is set.</summary>
public sealed class NewPasswordTests
{
    private const string Common = "Qwerty123456";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_password_that_is_tried_first_is_taken_nowhere()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await MailedServer.StartAsync();
        using var ana = server.App.Visit();
        using var bruno = server.App.VisitAsStranger();
        var invitation = await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled);
        await bruno.GetAsync(invitation, Cancelled);
        Assert.Equal(Refusal, await RefusalAsync(bruno, invitation, "password", ("Name", "Bruno"), ("Password", Common)));
        await bruno.AcceptAsync(invitation, cancellationToken: Cancelled);
        await bruno.GetAsync("/account", Cancelled);
        Assert.Equal(Refusal, await RefusalAsync(bruno, "/account/password", "next", ("Current", Visitor.Password), ("Next", Common)));

        using var carla = server.App.VisitAsStranger();
        await ana.GetAsync("/admin/people/sign-ups", Cancelled);
        await ana.PostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", "Open"));
        await carla.GetAsync("/sign-up", Cancelled);
        Assert.Equal(Refusal, await RefusalAsync(carla, "/sign-up", "password", ("Name", "Carla"), ("Email", "carla@example.org"), ("Password", Common), await carla.WorkAsync(Cancelled)));
        await carla.GetAsync("/forgotten", Cancelled);
        await carla.PostAsync("/forgotten", Cancelled, ("Email", "bruno@example.org"), await carla.WorkAsync(Cancelled));
        var link = (await server.ReceivedAsync(1, Cancelled)).Link;
        await carla.GetAsync(link, Cancelled);
        Assert.Equal(Refusal, await RefusalAsync(carla, "/reset", "password", ("Token", link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]), ("Password", Common)));
    }

    [Theory]
    [InlineData("qwerty123456", false)]
    [InlineData("ana.calango.2026", false)]
    [InlineData("ANA SILVA 2026!!", false)]
    [InlineData("Joana-e-joana-99", false)]
    [InlineData("my lizard is called calango", true)]
    [InlineData("bananas from the south", true)]
    [InlineData("948172635412", true)]
    public async Task A_password_of_known_words_is_not_taken_and_one_that_only_has_them_is(string password, bool isTaken)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, setUp: false);
        using var ana = app.VisitAsStranger();
        await ana.GetAsync("/setup", Cancelled);

        using var answer = await ana.TryPostAsync(
            "/setup", Cancelled, ("Token", app.Services.GetRequiredService<SetUpToken>().Text), ("Name", "Joãna Ana"), ("Email", "ana.silva@example.org"), ("Password", password));

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(isTaken, ana.Session is not null);
    }

    private const string Refusal = "Whoever guesses passwords tries this one early. Take one that nobody else has, such as four words that do not belong together.";

    private static async Task<string?> RefusalAsync(Visitor visitor, string path, string field, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.TryPostAsync(path, Cancelled, fields);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return (await Reading.PageAsync(answer, Cancelled)).QuerySelector($"#field-{field}-error")?.TextContent;
    }
}
