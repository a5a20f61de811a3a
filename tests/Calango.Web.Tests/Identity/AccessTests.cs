using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Identity;

/// <summary>Groups, and what is for them alone: for everybody else it is not there.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private Visitor _bruno = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    private string Model => _server.App.Model.ToString();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        await _bruno.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Z12_a_model_that_is_for_a_group_is_not_there_for_others_and_is_for_whoever_comes_into_it()
    {
        var token = await ApiServer.MakeTokenAsync(_bruno, "Models", "ReadChats", "WriteChats");
        using var program = _server.Program(token);
        var writers = await GroupAsync("Writers");
        await LimitAsync("Model", Model, writers);

        Assert.Null((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));
        Assert.DoesNotContain("Scripted", (await _bruno.GetAsync("/models", Cancelled)).QuerySelector("#connections")!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await ReadAsync(program, "/v1/models")).GetProperty("data").EnumerateArray());
        Assert.Equal(await AnswerAsync(program, "/v1/models/never"), await AnswerAsync(program, "/v1/models/fake"));
        Assert.Equal(await CompleteAsync(program, "never"), await CompleteAsync(program, "fake"));
        Assert.Contains("model_not_found", (await CompleteAsync(program, "fake")).Body, StringComparison.Ordinal);
        Assert.Equal(await SendAsync(program, "never"), await SendAsync(program, "fake"));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(program, "fake")).Status);
        Assert.Equal(await FailureAsync(Model.Replace("fake", "never", StringComparison.Ordinal)), await FailureAsync(Model));
        using var chosen = await _bruno.TryPostAsync($"/models/default?model={Model}", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, chosen.StatusCode);
        Assert.Empty(_server.App.Upstream.Requests);

        await PutInAsync(writers, "bruno@example.org");

        Assert.NotNull((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));
        Assert.Single((await ReadAsync(program, "/v1/models")).GetProperty("data").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, (await CompleteAsync(program, "fake")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(program, "fake")).Status);
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", Model));
        await _bruno.WholeAsync(_bruno.Path, answers: 1, Cancelled);
    }

    [Fact]
    public async Task Who_leaves_the_group_gets_no_further_answer_of_its_model_and_keeps_those_that_came()
    {
        var writers = await GroupAsync("Writers");
        await LimitAsync("Model", Model, writers);
        await PutInAsync(writers, "bruno@example.org");
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", Model));
        var chat = _bruno.Path;
        var answers = (await _bruno.WholeAsync(chat, answers: 1, Cancelled)).QuerySelector(".message--answer a[href$='/source']")!.GetAttribute("href")!.Replace("/source", "/answers", StringComparison.Ordinal);
        var asked = _server.App.Upstream.Requests.Count;

        await TakeOutAsync(writers);
        await _bruno.PostAsync($"{answers}?model={Model}", Cancelled);
        Assert.Equal("provider.modelNotFound", await FailureOfAsync(chat));
        await _bruno.PostAsync($"{chat}/messages", Cancelled, ("Text", "And now?"));
        await Eventually.HoldsAsync("the next one fails, too", async () => (await _bruno.GetAsync(chat, Cancelled)).QuerySelectorAll("[data-failure='provider.modelNotFound']").Length == 2, Cancelled);

        Assert.Equal(asked, _server.App.Upstream.Requests.Count);
        Assert.Contains("Hello", (await _bruno.GetAsync(chat, Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_and_a_plugin_that_are_for_a_group_are_offered_to_its_people_alone()
    {
        var writers = await GroupAsync("Writers");
        var key = (await ToolsAsync())["Calculator"];
        await AskWithAsync(key);
        Assert.Contains("calculate", _server.App.Upstream.Requests[^1].Body.GetProperty("tools").GetRawText(), StringComparison.Ordinal);

        await LimitAsync("Tool", key, writers);
        Assert.DoesNotContain("Calculator", (await ToolsAsync()).Keys);
        Assert.Contains("Date and time", (await ToolsAsync()).Keys);
        await AskWithAsync(key);
        Assert.False(_server.App.Upstream.Requests[^1].Body.TryGetProperty("tools", out _));

        await PutInAsync(writers, "bruno@example.org");
        Assert.Contains("Calculator", (await ToolsAsync()).Keys);

        await TakeOutAsync(writers);
        await LimitAsync("Plugin", "openai-compatible", writers);
        await LimitAsync("Plugin", "tools", writers);
        Assert.Null((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));
        Assert.Empty(await ToolsAsync());
    }

    [Fact]
    public async Task What_was_for_a_group_is_for_nobody_once_it_is_removed_until_somebody_says_otherwise()
    {
        var writers = await GroupAsync("Writers");
        await PutInAsync(writers, "bruno@example.org");
        await LimitAsync("Model", Model, writers);
        Assert.NotNull((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));

        await Ana.GetAsync($"/admin/groups/{writers}", Cancelled);
        await Ana.PostAsync($"/admin/groups/{writers}", Cancelled, ("_method", "DELETE"));

        Assert.Null((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));
        Assert.Contains("Nobody", (await Ana.GetAsync("/admin/access", Cancelled)).QuerySelector("#access")!.TextContent, StringComparison.Ordinal);
        await LimitAsync("Model", Model, group: null);
        Assert.NotNull((await _bruno.GetAsync("/models/picker", Cancelled)).QuerySelector(".picker__name"));
        Assert.Contains("Removed a group Writers", LoginSite.Words((await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_are_found_by_page_and_name_renamed_and_there_once_under_a_name()
    {
        for (var number = 10; number < 62; number++)
        {
            await GroupAsync($"Team {number}");
        }

        var first = await Ana.GetAsync("/admin/groups", Cancelled);
        Assert.Equal(50, first.QuerySelectorAll("#groups li").Length);
        var second = await Ana.GetAsync(first.QuerySelector("#groups .form__bar a")!.GetAttribute("href")!, Cancelled);
        Assert.Equal(["Team 60", "Team 61"], second.QuerySelectorAll("#groups li a").Select(link => link.TextContent));
        var found = Assert.Single((await Ana.GetAsync("/admin/groups?q=team+33", Cancelled)).QuerySelectorAll("#groups li a"));

        await Ana.PostAsync(found.GetAttribute("href")!, Cancelled, ("_method", "PUT"), ("Name", "Ópera"));
        Assert.Single((await Ana.GetAsync("/admin/groups?q=%C3%B3PERA", Cancelled)).QuerySelectorAll("#groups li"));
        using var again = await Ana.TryPostAsync("/admin/groups", Cancelled, ("Name", "TEAM 10"));
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Contains("There is a group of this name already.", (await Reading.PageAsync(again, Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        using var nobody = await Ana.TryPostAsync(found.GetAttribute("href")!, Cancelled, ("Email", "nobody@example.org"));
        Assert.Contains("Nobody here has this address.", (await Reading.PageAsync(nobody, Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_is_put_into_a_group_on_their_own_page_and_taken_out_there()
    {
        var writers = await GroupAsync("Writers");
        var person = (await Ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
        await Ana.GetAsync(person, Cancelled);

        await Ana.PostAsync(person, Cancelled, ("GroupId", writers));

        Assert.Contains("Writers", (await Ana.GetAsync(person, Cancelled)).QuerySelector("#groups")!.TextContent, StringComparison.Ordinal);
        await TakeOutAsync(writers);
        Assert.Equal("", (await Ana.GetAsync(person, Cancelled)).QuerySelector("#groups")!.TextContent.Trim());
    }

    private async Task<string> GroupAsync(string name)
    {
        await Ana.PostAsync("/admin/groups", Cancelled, ("Name", name));
        return Ana.Path[(Ana.Path.LastIndexOf('/') + 1)..];
    }

    private Task PutInAsync(string group, string email) => Ana.PostAsync($"/admin/groups/{group}", Cancelled, ("Email", email));

    private async Task TakeOutAsync(string group)
    {
        var page = await Ana.GetAsync($"/admin/groups/{group}", Cancelled);
        await Ana.PostAsync(page.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
    }

    private Task LimitAsync(string kind, string key, string? group) => Ana.PostAsync(
        $"/admin/access/{kind}?key={Uri.EscapeDataString(key)}", Cancelled, [("_method", "PUT"), ("everybody", group is null ? "true" : "false"), .. group is null ? [] : new[] { ("group", group) }]);

    private async Task<Dictionary<string, string>> ToolsAsync() => (await _bruno.GetAsync("/chat/new/settings", Cancelled)).QuerySelectorAll(".tools-choice label")
        .ToDictionary(label => label.TextContent.Trim(), label => label.QuerySelector("input")!.GetAttribute("value")!);

    private async Task AskWithAsync(string tool)
    {
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "How much?"), ("Model", Model), ("Tools", tool));
        await _bruno.WholeAsync(_bruno.Path, answers: 1, Cancelled);
    }

    private async Task<string> FailureAsync(string model)
    {
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", model));
        return await FailureOfAsync(_bruno.Path);
    }

    private async Task<string> FailureOfAsync(string chat)
    {
        IElement? failure = null;
        await Eventually.HoldsAsync("it fails", async () => (failure = (await _bruno.GetAsync(chat, Cancelled)).QuerySelector("[data-failure]")) is not null, Cancelled);
        return failure!.GetAttribute("data-failure")!;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient program, string path) => JsonElement.Parse(await program.GetStringAsync(path, Cancelled));

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(HttpClient program, string path) => await BodyOfAsync(await program.GetAsync(path, Cancelled));

    private static async Task<(HttpStatusCode Status, string Body)> CompleteAsync(HttpClient program, string model) =>
        await BodyOfAsync(await program.PostAsync("/v1/chat/completions", ApiServer.Json(new { model, messages = new[] { new { role = "user", content = "Hi" } } }), Cancelled));

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient program, string model) =>
        await BodyOfAsync(await program.PostAsync("/api/messages", ApiServer.Json(new { model, text = "Hi" }), Cancelled));

    // Without what names the model and the request: all else must be the same.
    private static async Task<(HttpStatusCode Status, string Body)> BodyOfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = (await response.Content.ReadAsStringAsync(Cancelled)).Replace("never", "fake", StringComparison.Ordinal);
            return (response.StatusCode, response.IsSuccessStatusCode ? "" : System.Text.RegularExpressions.Regex.Replace(body, "\"traceId\":\"[^\"]*\"", ""));
        }
    }
}
