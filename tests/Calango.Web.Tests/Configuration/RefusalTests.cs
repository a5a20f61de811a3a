namespace Calango.Web.Tests.Configuration;

public sealed class RefusalTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("theme: dark\n", "{file}:1: theme is no setting; there are mode, urls, publicUrl, proxies, secret, data, plugins, locales, sharing, database.postgres, turns.maxConcurrent, turns.maxAnswerLength, retention.deletedChats, retention.deletedAccounts, retention.traces, retention.sessions, discovery.ports, openai.baseUrl, openai.apiKey, ollama.host, web.allowedHosts, knowledge.folders, api.origins, metrics.token, mail.host, mail.port, mail.security, mail.user, mail.password, mail.from, mail.folder.")]
    [InlineData("# a\nturns:\n  maxConcurent: 5\n", "{file}:3: turns.maxConcurent is no setting; did you mean turns.maxConcurrent?")]
    [InlineData("api:\n  origins: [https://notes.example/]\n", "{file}:2: api.origins has 'https://notes.example/'; it can be a list, each an origin such as https://notes.example, without a path.")]
    [InlineData("turns:\n  maxConcurrent: many\n", "{file}:2: turns.maxConcurrent is 'many'; it can be a whole number from 1 to 100000.")]
    [InlineData("turns:\n  maxConcurrent: 100001\n", "{file}:2: turns.maxConcurrent is '100001'; it can be a whole number from 1 to 100000.")]
    [InlineData("mode: Desktop\nurls: [http://127.0.0.1:1\n", "{file}:3: this is no YAML: While parsing a flow sequence, did not find expected ',' or ']'.")]
    [InlineData("", "CALANGO_MODUS is no setting; did you mean CALANGO_MODE?", "CALANGO_MODUS", "Server")]
    [InlineData("mode: Server\n", "CALANGO_MODE: mode is 'Cloud'; it can be Desktop or Server.", "CALANGO_MODE", "Cloud")]
    [InlineData("", "CALANGO_CONFIG names /nowhere/calango.yml, which is not there.", "CALANGO_CONFIG", "/nowhere/calango.yml")]
    public async Task A_mistake_stops_the_server_with_one_line_and_exit_code_1(string file, string line, string variable = "CALANGO_MODE", string value = "")
    {
        await File.WriteAllTextAsync(_folder.File, file, TestContext.Current.CancellationToken);

        Assert.Equal((1, "", line.Replace("{file}", _folder.File, StringComparison.Ordinal) + "\n"), await _folder.RunAsync([(variable, value)]));
    }

    [Theory]
    [InlineData("postgres: x\n", 1, "postgres is no setting; did you mean database.postgres?")]
    [InlineData("CALANGO_MODE: Server\n", 1, "CALANGO_MODE is no setting; did you mean mode?")]
    [InlineData("databse:\n  postgres: x\n", 1, "databse is no setting; did you mean database?")]
    [InlineData("mode: Cloud\n", 1, "mode is 'Cloud'; it can be Desktop or Server.")]
    [InlineData("mode: [Desktop]\n", 1, "mode is a list; it can be Desktop or Server.")]
    [InlineData("mode:\n  Desktop: true\n", 1, "mode is a section; it can be Desktop or Server.")]
    [InlineData("\nmode:\n", 2, "mode has no value; it can be Desktop or Server.")]
    [InlineData("turns: 5\n", 1, "turns has a value of its own; its keys stand below it, indented.")]
    [InlineData("turns:\n  maxConcurrent: 0\n", 2, "turns.maxConcurrent is '0'; it can be a whole number from 1 to 100000.")]
    [InlineData("turns:\n  maxAnswerLength: 999\n", 2, "turns.maxAnswerLength is '999'; it can be a whole number from 1000 to 100000000.")]
    [InlineData("discovery:\n  ports: [80, 65536]\n", 2, "discovery.ports has '65536'; it can be a list, each a whole number from 1 to 65535.")]
    [InlineData("discovery:\n  ports:\n  - [80]\n", 3, "discovery.ports has a list or a section in its list; it can be a list, each a whole number from 1 to 65535.")]
    [InlineData("urls: []\n", 1, "urls names no address; it can be a list, each an http address such as http://127.0.0.1:5080.")]
    [InlineData("urls: |\n  ftp://a\n  b\n", 1, "urls has 'ftp://a b'; it can be a list, each an http address such as http://127.0.0.1:5080.")]
    [InlineData("openai:\n  baseUrl: models.example\n", 2, "openai.baseUrl is 'models.example'; it can be an http or https address.")]
    [InlineData("data: \"a\\0b\"\n", 1, "data is 'a b'; it can be a folder.")]
    [InlineData("turns.maxConcurrent: 5\nturns:\n  maxConcurrent: 6\n", 3, "turns.maxConcurrent is set already, at {file}:1.")]
    [InlineData("mode: Desktop\nmode: Server\n", 2, "this is no YAML: Duplicate key mode.")]
    [InlineData("- mode\n", 1, "this is no list of keys and values such as 'mode: Desktop'.")]
    [InlineData("mode: Desktop\n---\nmode: Server\n", 3, "a second document begins here; the file can have one.")]
    public async Task A_mistake_in_the_file_is_named_with_its_line(string file, int line, string mistake)
    {
        await File.WriteAllTextAsync(_folder.File, file, TestContext.Current.CancellationToken);

        Assert.Equal($"{_folder.File}:{line}: {mistake.Replace("{file}", _folder.File, StringComparison.Ordinal)}", _folder.Refusal());
    }

    [Theory]
    [InlineData("openai:\n  apiKey: *hush\n", 2, "a value that begins with * must be in quotes.")]
    [InlineData("openai:\n  apiKey: !hush hush\n", 2, "a value that begins with ! must be in quotes.")]
    [InlineData("database:\n  postgres: postgres://calango:hush@db/calango\n", 2, "database.postgres has a value that cannot be used; it can be a connection string such as Host=db.example;Database=calango;Username=calango;Password=….")]
    public async Task A_mistake_in_a_secret_is_named_without_the_secret(string file, int line, string mistake)
    {
        await File.WriteAllTextAsync(_folder.File, file, TestContext.Current.CancellationToken);

        Assert.Equal($"{_folder.File}:{line}: {mistake}", _folder.Refusal());
    }

    [Theory]
    [InlineData("CALANGO_DATABASE_POSTGRES", "Host=db", "CALANGO_DATABASE_POSTGRES is no setting; did you mean CALANGO_POSTGRES?")]
    [InlineData("CALANGO_TURNS_MAXCONCURRENT", "-1", "CALANGO_TURNS_MAXCONCURRENT: turns.maxConcurrent is '-1'; it can be a whole number from 1 to 100000.")]
    [InlineData("CALANGO_DISCOVERY_PORTS", "80;x", "CALANGO_DISCOVERY_PORTS: discovery.ports has 'x'; it can be a list, each a whole number from 1 to 65535.")]
    [InlineData("CALANGO_MODE", "Server", "CALANGO_MODE: mode is Server, which needs database.postgres (CALANGO_POSTGRES), a connection string such as Host=db.example;Database=calango;Username=calango;Password=….")]
    public async Task A_mistake_in_the_environment_is_named_with_its_variable(string variable, string value, string line)
    {
        await File.WriteAllTextAsync(_folder.File, "", TestContext.Current.CancellationToken);

        Assert.Equal(line, _folder.Refusal((variable, value)));
    }

    [Theory]
    [InlineData("CALANGO_MAIL_HOST: mail.host needs mail.from (CALANGO_MAIL_FROM), an address such as calango@example.org.", "HOST=mail.example")]
    [InlineData("CALANGO_MAIL_FOLDER: mail.folder cannot be there beside mail.host: messages are sent, or put into a folder.", "HOST=mail.example", "FOLDER=/tmp", "FROM=a@b.example")]
    [InlineData("CALANGO_MAIL_USER: mail.user needs the other: mail.user and mail.password go together.", "HOST=mail.example", "FROM=a@b.example", "USER=a")]
    [InlineData("CALANGO_MAIL_SECURITY: mail.security is None: the password of mail.user could be read on the way to mail.example; take StartTls or Tls.", "HOST=mail.example", "FROM=a@b.example", "USER=a", "PASSWORD=hush", "SECURITY=None")]
    [InlineData("CALANGO_MAIL_FROM: mail.from is 'nobody'; it can be an address such as calango@example.org.", "FROM=nobody")]
    public async Task What_would_send_no_mail_or_show_its_password_is_named(string line, params string[] variables)
    {
        await File.WriteAllTextAsync(_folder.File, "", TestContext.Current.CancellationToken);

        Assert.Equal(line, _folder.Refusal(
            [("CALANGO_MODE", "Server"), ("CALANGO_POSTGRES", "Host=db"), ("CALANGO_SECRET", "0123456789abcdefghijklmnopqrstuv"),
                .. variables.Select(variable => ($"CALANGO_MAIL_{variable.Split('=')[0]}", variable.Split('=')[1]))]));
    }

    [Fact]
    public void A_variable_like_none_is_answered_with_all_names() =>
        Assert.StartsWith("CALANGO_PORT is no setting; there are CALANGO_CONFIG, CALANGO_MODE, CALANGO_URLS, CALANGO_PUBLICURL, ", _folder.Refusal(("CALANGO_PORT", "8080")), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        // Root may read every file, and tests may run as root; nobody reads a folder as a file.
        Directory.CreateDirectory(_folder.File);
        Assert.Equal($"{_folder.File} cannot be read; it must be a file that the server's user may read.", _folder.Refusal());

        Directory.Delete(_folder.File);
        await File.WriteAllBytesAsync(_folder.File, [.. "mode: "u8, 0xFF], TestContext.Current.CancellationToken);
        Assert.Equal($"{_folder.File} is no text in UTF-8.", _folder.Refusal());
    }

    [Fact]
    public async Task A_wrong_value_in_the_file_counts_even_where_a_variable_goes_over_it()
    {
        await File.WriteAllTextAsync(_folder.File, "mode: Cloud\n", TestContext.Current.CancellationToken);

        Assert.Equal($"{_folder.File}:1: mode is 'Cloud'; it can be Desktop or Server.", _folder.Refusal(("CALANGO_MODE", "Desktop")));
    }

    [Fact]
    public async Task An_unknown_argument_stops_the_start_with_one_line()
    {
        var (exitCode, output, error) = await _folder.RunAsync("--urls=http://0.0.0.0:80");

        Assert.Equal((1, "", "The server takes no argument '--urls=http://0.0.0.0:80'; docs/configuration.md says how it is set up.\n"), (exitCode, output, error));
    }
}
