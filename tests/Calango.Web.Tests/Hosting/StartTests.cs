using System.Net;
using System.Net.Sockets;
using Calango.Tests.Fixtures;
using Calango.Web.Hosting;

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
    public void An_unsafe_or_unknown_setting_stops_the_start_with_one_line(string key, string value)
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(new Dictionary<string, string?> { [key] = value }));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_connection_string_that_is_none_stops_the_start_with_one_line()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build(
            new Dictionary<string, string?> { ["CALANGO_MODE"] = "Server", ["CALANGO_POSTGRES"] = "postgres://secret@db" }));

        Assert.Contains("CALANGO_POSTGRES", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start_with_one_line()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var data = TestFolders.NewTemporary("data");

        var (exitCode, error) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>("CALANGO_URLS", $"http://{other.LocalEndpoint}")], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
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

        var (exitCode, error) = await ServerProcess.RefusalAsync(database, disk.Folder, [], TestContext.Current.CancellationToken);

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

        var (exitCode, error) = await ServerProcess.RefusalAsync(
            database, data, [KeyValuePair.Create<string, string?>(key, suffix is null ? data : database.Options.Postgres + suffix)], TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches("database|PostgreSQL", error);
        TestFolders.Delete(data);
    }
}
