using System.Net;
using System.Text.Json.Nodes;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Oidc;

namespace Calango.Web.Tests.Identity;

/// <summary>A server on which Ana, who runs it, has entered providers of logins, and the people who come with them.</summary>
internal sealed class LoginSite : IAsyncDisposable
{
    public const string Member = "01900000-0000-7000-8000-000000000012";
    public const string Admin = "01900000-0000-7000-8000-000000000011";

    private LoginSite(TestApp app, ScriptedProvider provider) => (App, Provider, Ana) = (app, provider, app.Visit());

    public TestApp App { get; }

    public ScriptedProvider Provider { get; }

    public Visitor Ana { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<LoginSite> StartAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        return new LoginSite(await TestApp.StartAsync(DatabaseKind.Postgres), await ScriptedProvider.StartAsync(TimeProvider.System));
    }

    /// <summary>Enters <see cref="Provider"/>, or another one, as an administrator does.</summary>
    public Task<string> AddAsync(params (string Name, string Value)[] more) => AddAsync(Provider, more);

    /// <inheritdoc cref="AddAsync(ValueTuple{string, string}[])"/>
    public async Task<string> AddAsync(ScriptedProvider provider, params (string Name, string Value)[] more)
    {
        var page = await Ana.GetAsync("/admin/providers/new/OpenIdConnect", Cancelled);
        var action = page.QuerySelector("#provider-form")!.GetAttribute("action")!;
        await Ana.PostAsync(action, Cancelled, FieldsOf(provider, more));
        return action[(action.LastIndexOf('/') + 1)..];
    }

    /// <summary>Enters it anew.</summary>
    public Task ChangeAsync(string id, params (string Name, string Value)[] more) => Ana.PostAsync($"/admin/providers/{id}", Cancelled, FieldsOf(Provider, more));

    /// <summary>Who logs in at the provider from now on.</summary>
    public void Be(string subject, string? email = null, bool verified = true, string? name = null, params string[] groups)
    {
        Provider.UserInfo = new JsonObject { ["sub"] = subject, ["name"] = name ?? subject };
        if (email is not null)
        {
            (Provider.UserInfo["email"], Provider.UserInfo["email_verified"]) = (email, verified);
        }

        Provider.IdToken.Claims = claims => (claims["sub"], claims["sid"], claims["groups"]) = (subject, $"session of {subject}", new JsonArray([.. groups.Select(group => JsonValue.Create(group))]));
    }

    /// <summary>Comes in with a provider, in a browser of their own.</summary>
    public async Task<Visitor> EnterAsync(string id)
    {
        var visitor = App.VisitAsStranger();
        await visitor.GetAsync($"/sign-in/{id}", Cancelled);
        Assert.Equal("/", visitor.Path);
        return visitor;
    }

    /// <summary>Tries to come in, and has what is said where that does not work.</summary>
    public async Task<(HttpStatusCode Status, string Text)> TryAsync(string id, Visitor? visitor = null)
    {
        using var stranger = App.VisitAsStranger();
        using var response = await (visitor ?? stranger).Http.GetAsync($"/sign-in/{id}", Cancelled);
        return (response.StatusCode, (await Reading.PageAsync(response, Cancelled)).QuerySelector("[role=alert]")?.TextContent.Trim() ?? "");
    }

    /// <summary>What stands newest in the log of acts.</summary>
    public async Task<string> NewestActAsync() => Words((await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent);

    /// <summary>What somebody is, as their own page says.</summary>
    public static async Task<string> AccountOf(Visitor visitor) => Words((await visitor.GetAsync("/account", Cancelled)).QuerySelector(".card")!.TextContent);

    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The form of a provider, filled in.</summary>
    public static (string Name, string Value)[] FieldsOf(ScriptedProvider provider, (string Name, string Value)[] more)
    {
        var fields = new Dictionary<string, string>
        {
            ["Name"] = "Ours", ["Issuer"] = provider.Issuer, ["ClientId"] = ScriptedProvider.ClientId, ["Secret"] = ScriptedProvider.ClientSecret,
            ["Scopes"] = "email profile", ["GroupClaim"] = "groups", ["AllowsPlainLoopback"] = "true", ["IsOn"] = "true",
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return [.. fields.Select(field => (field.Key, field.Value))];
    }

    public async ValueTask DisposeAsync()
    {
        Ana.Dispose();
        await Provider.DisposeAsync();
        await App.DisposeAsync();
    }
}
