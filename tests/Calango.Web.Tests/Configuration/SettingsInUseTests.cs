using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Configuration;

/// <summary>What the file and the environment say is what the server does.</summary>
public sealed class SettingsInUseTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "of-the-file")]
    [InlineData("of-the-environment", "of-the-environment")]
    public async Task The_server_takes_a_value_from_the_file_unless_the_environment_has_another(string? variable, string used)
    {
        await File.WriteAllTextAsync(_folder.File, "data: of-the-file\n", CancellationToken);
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);

        await using (await ServerProcess.StartAsync(database, _folder.Path, [KeyValuePair.Create("CALANGO_DATA", variable)]))
        {
            Assert.Equal(used, Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(_folder.Path))));
            Assert.True(File.Exists(Path.Combine(_folder.Path, used, "calango.db")));
        }
    }

    [Fact]
    public async Task An_answer_is_cut_at_the_length_that_the_environment_sets_over_the_file()
    {
        await using var app = await StartAsync("turns:\n  maxAnswerLength: 5000\n", ("CALANGO_TURNS_MAXANSWERLENGTH", "1000"));
        using var ana = app.Visit();
        app.Upstream.Enqueue(new UpstreamReply { Text = new string('x', 2000) });

        await ana.PostAsync("/messages", CancellationToken, ("Text", "Talk"), ("Model", app.Model.ToString()));
        var chat = ana.Path;

        await Eventually.HoldsAsync(
            "the answer is cut",
            async () => (await ana.GetAsync(chat, CancellationToken)).QuerySelector("[data-failure]")?.GetAttribute("data-failure") == "provider.streamTooLarge",
            CancellationToken);
    }

    [Fact]
    public async Task As_many_answers_run_at_once_as_the_file_says()
    {
        await using var app = await StartAsync("turns:\n  maxConcurrent: 1\n");
        using var ana = app.Visit();
        app.Upstream.Enqueue(new UpstreamReply { Endless = true, Rate = 20 });
        await ana.PostAsync("/messages", CancellationToken, ("Text", "First"), ("Model", app.Model.ToString()));

        app.Upstream.Enqueue(new UpstreamReply { Endless = true, Rate = 20 });
        var second = await ana.PostAsync("/messages", CancellationToken, ("Text", "Second"), ("Model", app.Model.ToString()));

        using var events = new StreamReader(await ana.Http.GetStreamAsync(second.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect"), CancellationToken));
        var first = await events.ReadLineAsync(CancellationToken);
        while (first?.StartsWith("data:", StringComparison.Ordinal) == false)
        {
            first = await events.ReadLineAsync(CancellationToken);
        }

        Assert.Equal("data: Queued", first);
    }

    [Fact]
    public async Task A_service_that_a_setting_names_is_offered_with_the_name_of_that_setting()
    {
        await using var service = await ScriptedUpstream.StartAsync();
        var file = $"discovery:\n  ports: []\nopenai:\n  baseUrl: {service.Address}\n";

        Assert.Equal(["named by openai.baseUrl"], await OffersAsync(file));
        Assert.Equal(["named by OPENAI_BASE_URL"], await OffersAsync(file, ("OPENAI_BASE_URL", service.Address.ToString())));
        Assert.Equal(["named by ollama.host"], await OffersAsync($"discovery: {{ ports: [] }}\nollama: {{ host: '{service.Address.Authority}' }}\n"));
        Assert.Equal([""], await OffersAsync($"discovery: {{ ports: [{service.Address.Port}] }}\n"));
    }

    [Fact]
    public async Task A_variable_of_other_programs_that_cannot_be_used_stops_nothing_and_is_warned_of_once()
    {
        // With an address that cannot be used, its key must not be offered to OpenAI.
        Assert.Equal([], await OffersAsync("discovery: { ports: [] }\n", ("OPENAI_BASE_URL", "hush.example"), ("OPENAI_API_KEY", "hush")));

        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(database, _folder.Path, [KeyValuePair.Create("OPENAI_BASE_URL", (string?)"hush.example")]);
        var warning = Assert.Single(server.Log, line => line.Contains("OPENAI_BASE_URL", StringComparison.Ordinal));
        Assert.Contains("\"LogLevel\":\"Warning\"", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", warning, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> OffersAsync(string file, params (string Name, string Value)[] variables)
    {
        await using var app = await StartAsync(file, variables);
        using var ana = app.Visit();
        var page = await ana.GetAsync("/models/services", CancellationToken);
        return [.. page.QuerySelectorAll("#services .row").Select(row => row.QuerySelectorAll(".row__facts span").ElementAtOrDefault(1)?.TextContent ?? "")];
    }

    private async Task<TestApp> StartAsync(string file, params (string Name, string Value)[] variables)
    {
        await File.WriteAllTextAsync(_folder.File, file, CancellationToken);
        return await TestApp.StartAsync(settings: [.. variables.Append(("CALANGO_CONFIG", _folder.File)).Select(variable => KeyValuePair.Create(variable.Item1, (string?)variable.Item2))]);
    }
}
