using Microsoft.Data.Sqlite;
using Npgsql;

namespace Calango.Core.Data;

/// <summary>Which database, and how to reach it.</summary>
public sealed class DatabaseOptions
{
    /// <summary>A PostgreSQL connection string; null: SQLite in <see cref="SqlitePath"/>.</summary>
    public string? Postgres { get; set; }

    /// <summary>The SQLite file.</summary>
    public string SqlitePath { get; set; } = "calango.db";

    /// <summary>Whether SQLite is used.</summary>
    public bool IsSqlite => Postgres is null;

    internal string SqliteConnectionString => SqliteConnectionStringOf(SqlitePath);

    internal static string SqliteConnectionStringOf(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        // Readers and the writer keep their connections themselves; closed must mean closed, whatever a failure left behind.
        Pooling = false,
        DefaultTimeout = 5,
    }.ToString();

    /// <summary>Whether a text has the form of a connection string.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>What a connection string says that anyone may read: where the database is and whose. Never a password, a file's name or a certificate.</summary>
    public static string Masked(string connectionString)
    {
        var whole = new NpgsqlConnectionStringBuilder(connectionString);
        var masked = new NpgsqlConnectionStringBuilder { Host = whole.Host, Port = whole.Port, Database = whole.Database, Username = whole.Username };
        return masked + (whole.Password is { Length: > 0 } ? ";Password=***" : "");
    }

    internal string PostgresConnectionString => new NpgsqlConnectionStringBuilder(Postgres)
    {
        Timeout = Silence.LongestSeconds,
        CommandTimeout = Silence.LongestSeconds,
        // Whether the server has cancelled is not waited for: the connection is given up.
        CancellationTimeout = -1,
        ApplicationName = "calango",
    }.ToString();
}
