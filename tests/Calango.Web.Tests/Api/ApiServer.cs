using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Api;

/// <summary>A server, somebody who makes tokens there, and programs that use them.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly string ClientFolder = Path.Combine(TestFolders.Repository, "tests", "OpenAiClient");

    private ApiServer(TestApp app) => (App, Owner) = (app, app.Visit());

    public TestApp App { get; }

    /// <summary>Whose tokens they are.</summary>
    public Visitor Owner { get; }

    public static async Task<ApiServer> StartAsync(DatabaseKind kind, params (string Name, string Value)[] settings) =>
        new(await TestApp.StartAsync(kind, settings: settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))));

    /// <summary>Makes a token on its page.</summary>
    public Task<string> MakeTokenAsync(params string[] scopes) => MakeTokenAsync(Owner, scopes);

    /// <inheritdoc cref="MakeTokenAsync(string[])"/>
    public static async Task<string> MakeTokenAsync(Visitor owner, params string[] scopes)
    {
        await owner.GetAsync("/account/tokens");
        var page = await owner.PostAsync("/account/tokens", default, [("Name", "script"), ("Days", "30"), .. scopes.Select(scope => ("Scopes", scope))]);
        return page.QuerySelector("#token-text")!.GetAttribute("value")!;
    }

    /// <summary>Invites somebody, who comes in.</summary>
    public async Task<Visitor> InviteAsync(string email, string role = "Member")
    {
        var visitor = App.VisitAsStranger();
        await visitor.AcceptAsync(await Owner.InviteAsync(email, role));
        return visitor;
    }

    /// <summary>A program that sends a token; null: none.</summary>
    public HttpClient Program(string? token)
    {
        var http = new HttpClient { BaseAddress = App.Address };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>A body of JSON.</summary>
    public static StringContent Json(object body) => new(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    /// <summary>Has OpenAI's own client do one thing: what a program then sees. Skips the test where it is not installed.</summary>
    public async Task<JsonElement> AskAsync(string what, string token, string? model = null)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(ClientFolder, "node_modules")), "The client is not installed; ./calango test does it.");
        using var node = Process.Start(new ProcessStartInfo("node", ["client.mjs", new Uri(App.Address, "/v1").ToString(), token, model ?? App.Upstream.Models[0], what])
        {
            WorkingDirectory = ClientFolder,
            RedirectStandardOutput = true,
        })!;
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonElement.Parse(said);
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await App.DisposeAsync();
    }
}
