using System.Diagnostics;
using System.Globalization;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Calango.Tests.Fixtures;

/// <summary>
/// A throw-away PostgreSQL cluster on a Unix socket. It lives as long as this process, however that ends, and leaves no
/// file behind. Thread-safe.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "calango_template";
    private const string Extensions = "/usr/share/postgresql";

    // The shell outlives a killed test run: its standard input closes then, and it stops the cluster.
    private const string Supervisor =
        """
        trap '' INT
        folder=$(mktemp -d -t calango-postgres-XXXXXX)
        trap 'rm -rf "$folder"' EXIT
        "$0/initdb" -D "$folder/data" -U calango -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
        # One user whose password counts; the others need none.
        { echo 'local all guarded scram-sha-256'; cat "$folder/data/pg_hba.conf"; } >"$folder/hba" && mv "$folder/hba" "$folder/data/pg_hba.conf"
        start() {
          "$0/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" -c max_connections=400 "$@" </dev/null >>"$folder/log" 2>&1 &
          server=$!
          until "$0/pg_isready" -q -h "$folder"; do
            kill -0 $server || { cat "$folder/log" >&2; exit 1; }
            sleep 0.05
          done
          echo "$folder"
        }
        start "$@"
        while read -r order; do
          case $order in
            crash) kill -QUIT $server; wait $server; echo "$folder" ;;
            start) start "$@" ;;
          esac
        done
        kill -INT $server
        wait $server
        """;

    private static readonly string? Binaries = FindBinaries();
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync(durable: false));

    private readonly Process _supervisor;
    private readonly string _folder;
    private readonly Lazy<Task> _template;
    private int _databases;

    private PostgresServer(Process supervisor, string folder)
    {
        _supervisor = supervisor;
        _folder = folder;
        _template = new(CreateTemplateAsync);
    }

    /// <summary>Why there is no PostgreSQL to test on; null if there is.</summary>
    public static string? WhyNot => Binaries is null ? "PostgreSQL is not installed (Debian package postgresql)." : null;

    /// <summary>Why there are no vectors in it; null if there are.</summary>
    public static string? WhyNoVectors => WhyNot ?? (Directory.Exists(Extensions) && Directory.GetFiles(Extensions, "vector.control", SearchOption.AllDirectories).Length > 0 ? null : "pgvector is not installed; ./calango test builds it.");

    /// <summary>The cluster that the tests of this process share. It keeps nothing through a power loss, to be quick.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Starts one of its own.</summary>
    /// <param name="durable">Whether a commit is on the disk when it returns, as in production.</param>
    public static async Task<PostgresServer> StartAsync(bool durable)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        List<string> arguments = ["-c", Supervisor, Binaries ?? throw new InvalidOperationException(WhyNot)];
        if (!durable)
        {
            arguments.AddRange(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }

        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            start.FileName = "setpriv";
            arguments.InsertRange(0, ["--reuid=postgres", "--regid=postgres", "--clear-groups", "/bin/sh"]);
        }

        arguments.ForEach(start.ArgumentList.Add);
        var supervisor = Process.Start(start)!;
        var folder = await supervisor.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PostgreSQL did not start; it says why above.");
        return new PostgresServer(supervisor, folder);
    }

    /// <summary>Ends it as <c>pg_ctl stop -m immediate</c> does: what is not on the disk is lost, and everybody's connections with it.</summary>
    public Task CrashAsync() => OrderAsync("crash");

    /// <summary>Starts it again on what is on the disk.</summary>
    public Task RestartAsync() => OrderAsync("start");

    /// <summary>Makes a database without rows and returns its connection string.</summary>
    /// <param name="migrated">Whether it has its tables already.</param>
    /// <param name="tablespace">A folder of PostgreSQL's that it is kept in; null: with the cluster.</param>
    public async Task<string> CreateDatabaseAsync(bool migrated = true, string? tablespace = null)
    {
        if (migrated)
        {
            await _template.Value;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        if (tablespace is not null)
        {
            await ExecuteAsync($"CREATE TABLESPACE {name} LOCATION '{tablespace}'");
        }

        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {(migrated ? Template : "template0")} TABLESPACE {(tablespace is null ? "pg_default" : name)}");
        return ConnectionString(name);
    }

    /// <summary>Drops a database, whoever is still connected to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await Eventually.HoldsAsync($"{name} is dropped", () => TryDropAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)"), CancellationToken.None);
        await ExecuteAsync($"DROP TABLESPACE IF EXISTS {name}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
    }

    // To drop a database all of the cluster is written to the disk, and another test may have filled the disk of its own.
    private async Task<bool> TryDropAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InternalError)
        {
            return false;
        }
    }

    private async Task OrderAsync(string order)
    {
        await _supervisor.StandardInput.WriteLineAsync(order);
        _ = await _supervisor.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PostgreSQL did not start again; it says why above.");
        // Connections of this process that the other end has lost.
        NpgsqlConnection.ClearAllPools();
    }

    private async Task CreateTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template}");
        var options = new DbContextOptionsBuilder<CalangoDb>();
        // A pooled connection would stay open, and PostgreSQL copies no database that somebody uses.
        DataSetup.Configure(options, new DatabaseOptions { Postgres = $"{ConnectionString(Template)};Pooling=false" });
        await using var db = new CalangoDb(options.Options);
        await db.Database.MigrateAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) => $"Host={_folder};Username=calango;Database={database}";

    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        string[] folders = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return folders.Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
