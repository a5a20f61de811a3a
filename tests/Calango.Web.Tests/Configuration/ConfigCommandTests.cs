using Calango.Web.Configuration;
using Calango.Web.Hosting;

namespace Calango.Web.Tests.Configuration;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Config_prints_each_value_and_where_it_comes_from_and_hides_secrets()
    {
        await File.WriteAllTextAsync(_folder.File, """
            mode: server
            data: /srv/calango
            secret: "hush: 0123456789abcdefghijklmnopqrst"
            database:
              postgres: Host=db.example;Database=talk;Username=ana;Password=hush;SSL Password=hush
            turns: { maxConcurrent: 12 }
            discovery:
              ports:
              - 8080
              - 8081
            openai: { baseUrl: "http://ana:hush@models.example/v1", apiKey: sk-hush }
            """, TestContext.Current.CancellationToken);

        var (exitCode, output, error) = await _folder.RunAsync(
            [("CALANGO_TURNS_MAXCONCURRENT", "7"), ("OLLAMA_HOST", ":11434"), ("CALANGO_DATA", "")], "config");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"# The file is {_folder.File}.", lines[0]);
        Assert.Equal(
            [
                $"mode = Server  ({_folder.File}:1)",
                "urls = http://127.0.0.1:5080  (default)",
                "publicUrl = (none)  (default)",
                "proxies = (none)  (default)",
                $"secret = ***  ({_folder.File}:3)",
                $"data = /srv/calango  ({_folder.File}:2)",
                "sharing = On  (default)",
                $"database.postgres = Host=db.example;Port=5432;Database=talk;Username=ana;Password=***  ({_folder.File}:5)",
                "turns.maxConcurrent = 7  (CALANGO_TURNS_MAXCONCURRENT)",
                "turns.maxAnswerLength = 4000000  (default)",
                "retention.deletedChats = 30  (default)",
                "retention.deletedAccounts = 14  (default)",
                "retention.traces = 90  (default)",
                "retention.sessions = 30  (default)",
                $"discovery.ports = 8080, 8081  ({_folder.File}:8)",
                $"openai.baseUrl = http://***@models.example/v1  ({_folder.File}:11)",
                $"openai.apiKey = ***  ({_folder.File}:11)",
                "ollama.host = :11434  (OLLAMA_HOST)",
                "web.allowedHosts = (none)  (default)",
                "knowledge.folders = (none)  (default)",
                "api.origins = (none)  (default)",
                "metrics.token = (none)  (default)",
                "mail.host = (none)  (default)",
                "mail.port = 587  (default)",
                "mail.security = StartTls  (default)",
                "mail.user = (none)  (default)",
                "mail.password = (none)  (default)",
                "mail.from = (none)  (default)",
                "mail.folder = (none)  (default)",
            ],
            lines.Skip(1).Where(line => !line.StartsWith("plugins ", StringComparison.Ordinal) && !line.StartsWith("locales ", StringComparison.Ordinal))
                .Select(line => string.Join(" = ", line.Split('=', 2, StringSplitOptions.TrimEntries))));
    }

    [Fact]
    public async Task A_variable_of_other_programs_that_cannot_be_used_is_named_and_left_out()
    {
        var (exitCode, output, error) = await _folder.RunAsync([("OPENAI_BASE_URL", "hush.example"), ("OPENAI_API_KEY", "hush")], "config");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        Assert.Contains("# OPENAI_BASE_URL has a value that cannot be used and is left out; openai.baseUrl can be an http or https address.\n", output, StringComparison.Ordinal);
        Assert.Matches(@"openai\.baseUrl +=  ?\(none\)  \(OPENAI_BASE_URL\)", output);
    }

    [Fact]
    public async Task Config_starts_nothing_and_makes_nothing()
    {
        var (exitCode, output, _) = await _folder.RunAsync("config");

        Assert.Equal(0, exitCode);
        Assert.StartsWith($"# No file: {_folder.File} is not there.\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("CALANGO_TEST_DATA", "/somewhere")]
    [InlineData("CALANGO_FAULT_RUNS", "4")]
    [InlineData("CALANGO_MIGRATIONS", "Sqlite")]
    [InlineData("CALANGO_PORT", "tcp://10.0.0.7:80")]
    [InlineData("CALANGO_PORT_80_TCP_ADDR", "10.0.0.7")]
    [InlineData("CALANGO_DB_SERVICE_PORT_POSTGRES", "5432")]
    [InlineData("CALANGO_MODUS", "")]
    public void A_variable_of_somebody_else_is_left_alone(string name, string value) => Ask([], (name, value));

    [Fact]
    public async Task Config_refuses_what_the_start_would_refuse()
    {
        await File.WriteAllTextAsync(_folder.File, "\nurls: http://0.0.0.0:5080\n", TestContext.Current.CancellationToken);

        var (exitCode, output, error) = await _folder.RunAsync("config");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(
            $"{_folder.File}:2: urls has 'http://0.0.0.0:5080/', which is not an address of this machine (127.0.0.1, localhost or [::1]); Desktop mode has no password, so Calango serves no other.\n", error);
    }

    [Fact]
    public async Task Config_explain_says_what_a_setting_does_and_can_be()
    {
        // A broken file is no reason not to explain.
        await File.WriteAllTextAsync(_folder.File, "mode: Cloud\n", TestContext.Current.CancellationToken);

        Assert.Equal((0, """
            turns.maxConcurrent
            How many answers are written at once; the others wait in line.
            It can be: a whole number from 1 to 100000
            Default: 2000
            Variable: CALANGO_TURNS_MAXCONCURRENT

            """, ""), await _folder.RunAsync("config", "explain", "turns.maxConcurrent"));
        Assert.Equal((0, """
            database.postgres
            Where PostgreSQL is and who connects. Server mode needs it; Desktop mode does not use it.
            It can be: a connection string such as Host=db.example;Database=calango;Username=calango;Password=…
            Default: (none)
            Variable: CALANGO_POSTGRES
            It is secret: ./calango config hides it.

            """, ""), await _folder.RunAsync("config", "explain", "CALANGO_POSTGRES"));
    }

    [Theory]
    [InlineData("turns.maxConcurent is no setting; did you mean turns.maxConcurrent?", "explain", "turns.maxConcurent")]
    [InlineData("Usage: ./calango config [explain KEY]", "explain")]
    [InlineData("Usage: ./calango config [explain KEY]", "list")]
    public void A_question_that_has_no_answer_is_refused_with_one_line(string line, params string[] question) =>
        Assert.Equal(line, Assert.Throws<StartRefusedException>(() => Ask(question)).Message);

    private static void Ask(string[] question, params (string Name, string Value)[] variables) =>
        ConfigCommand.Run(question, variables.ToDictionary(variable => variable.Name, variable => (string?)variable.Value), TextWriter.Null);
}
