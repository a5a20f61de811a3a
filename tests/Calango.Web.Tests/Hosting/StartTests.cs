using System.Net;
using System.Net.Sockets;
using Calango.Tests.Fixtures;
using Calango.Web.Hosting;
using Npgsql;

namespace Calango.Web.Tests.Hosting;

public sealed class StartTests
{
    [Theory]
    [InlineData("CALANGO_URLS", "http://0.0.0.0:5080")]
    [InlineData("CALANGO_URLS", "http://192.168.1.5:5080")]
    [InlineData("CALANGO_URLS", "http://*:5080")]
    [InlineData("CALANGO_URLS", "http://my-laptop:5080")]
    [InlineData("CALANGO_URLS", "http://127.0.0.1:5080;http://[::]:5080")]
    [InlineData("CALANGO_URLS", "https://127.0.0.1:5080")]
    [InlineData("CALANGO_MODE", "Cloud")]
    [InlineData("CALANGO_MODE", "Server")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "production")]
    [InlineData("OTEL_TRACES_SAMPLER", "half")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "2")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "a minute")]
    public void An_unsafe_or_unknown_setting_stops_the_start_with_one_line(string key, string value)
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(new Dictionary<string, string?> { [key] = value }));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task At_a_terminal_the_small_embedder_is_named_once_and_nothing_is_downloaded()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var folder = TestFolders.NewTemporary("terminal");
        await using (var first = await ServerProcess.StartAtTerminalAsync(database, folder))
        {
            await Eventually.HoldsAsync("the small model is named", () => Task.FromResult(File.Exists(Path.Combine(folder, "embedder-note"))), TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync("the line is there", () => Task.FromResult(first.Log.Any(IsNote)), TestContext.Current.CancellationToken);
            Assert.StartsWith("With a small model of 30 MB", first.Log.Single(IsNote), StringComparison.Ordinal);
        }

        await using var second = await ServerProcess.StartAtTerminalAsync(database, folder);
        using var http = new HttpClient { BaseAddress = second.Address };
        Assert.Contains("30", await http.GetStringAsync("/models/embedders", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.DoesNotContain(second.Log, IsNote);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(folder, "models")));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "plugins", "data", "local-models", "downloads")));

        bool IsNote(string line) => line.TrimEnd().EndsWith("/models/embedders", StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_that_is_none_stops_the_start_with_one_line()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(
            new Dictionary<string, string?> { ["CALANGO_MODE"] = "Server", ["CALANGO_POSTGRES"] = "postgres://secret@db" }));

        Assert.Contains("CALANGO_POSTGRES", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("changeme")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Z21_a_server_without_a_secret_of_its_own_does_not_start_and_says_how_one_is_made(string? secret)
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(
            new Dictionary<string, string?> { ["CALANGO_MODE"] = "Server", ["CALANGO_POSTGRES"] = "Host=db;Database=calango", ["CALANGO_SECRET"] = secret }));

        Assert.Contains("CALANGO_SECRET", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret ?? "nothing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_listens_for_others_must_know_where_they_reach_it()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(new Dictionary<string, string?>
        {
            ["CALANGO_MODE"] = "Server",
            ["CALANGO_POSTGRES"] = "Host=db;Database=calango",
            ["CALANGO_SECRET"] = "0123456789abcdefghijklmnopqrstuvwxyz",
            ["CALANGO_URLS"] = "http://0.0.0.0:5080",
        }));

        Assert.Contains("CALANGO_PUBLICURL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_another_secret_than_its_databases_does_not_start()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var data = TestFolders.NewTemporary("data");
        await using (await ServerProcess.StartAsync(database, data))
        {
            // Its keys are made with the first account at the latest.
        }

        var (exitCode, error, _) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>("CALANGO_SECRET", "another secret: 0123456789abcdefghij")], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains("CALANGO_SECRET", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        TestFolders.Delete(data);
    }

    [Fact]
    public void A_key_for_the_collector_is_refused_without_being_shown()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_HEADERS"] = "hush" }));

        Assert.Equal("OTEL_EXPORTER_OTLP_HEADERS has a value that cannot be used; it can be a list such as name=value,other=value.", refusal.Message);
    }

    [Fact]
    public void A_variable_for_one_kind_of_export_alone_is_refused_since_nobody_would_read_it()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4317",
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "grpc",
        }));

        Assert.Contains("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is not read", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start_with_one_line()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var data = TestFolders.NewTemporary("data");

        var (exitCode, error, log) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>("CALANGO_URLS", $"http://{other.LocalEndpoint}")], TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (exitCode, log));
        Assert.Contains("CALANGO_URLS", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        TestFolders.Delete(data);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_to_stops_the_start_with_one_line()
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var disk = await SmallDisk.MountAsync(megabytes: 1);
        await disk.MakeReadOnlyAsync();

        var (exitCode, error, _) = await ServerProcess.RefusalAsync(database, disk.Folder, [], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{disk.Folder} cannot be written to", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public static TheoryData<DatabaseKind, string, string?> Unusable() => new()
    {
        // A folder where the file should be.
        { DatabaseKind.Sqlite, "CALANGO_DATA", null },
        { DatabaseKind.Postgres, "CALANGO_POSTGRES", ";Username=stranger" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_database_that_cannot_be_used_stops_the_start_with_one_line(DatabaseKind kind, string key, string? suffix)
    {
        Assert.SkipWhen(kind == DatabaseKind.Postgres && PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(kind);
        var data = TestFolders.NewTemporary("data");
        Directory.CreateDirectory(Path.Combine(data, "calango.db"));

        var (exitCode, error, log) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>(key, suffix is null ? data : database.Options.Postgres + suffix)], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches("database|PostgreSQL", error);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        TestFolders.Delete(data);
    }

    [Theory]
    [InlineData("CREATE ROLE poor LOGIN", "Username=poor;Database=nowhere", "no database 'nowhere'", "CREATE DATABASE")]
    [InlineData("CREATE ROLE guarded LOGIN PASSWORD 'right'", "Username=guarded;Password=wrong", "refuses the user 'guarded'", "ALTER ROLE")]
    [InlineData("CREATE ROLE idle LOGIN", "Username=idle", "does not allow the user 'idle'", "OWNER TO")]
    [InlineData("SELECT 1", "Username=stranger", "no user 'stranger'", "CREATE ROLE")]
    public async Task What_PostgreSQL_will_not_have_stops_the_start_and_says_what_to_do(string prepared, string suffix, string said, string advice)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres, migrated: false);
        await using (var connection = new NpgsqlConnection(database.Options.Postgres))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(prepared, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var data = TestFolders.NewTemporary("data");

        var (exitCode, error, log) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>("CALANGO_POSTGRES", $"{database.Options.Postgres};{suffix}")], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error + log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        TestFolders.Delete(data);
    }
}
