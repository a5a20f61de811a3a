using Calango.Tests.Support.Proxy;
using Microsoft.Data.Sqlite;

namespace Calango.Faults.Tests;

/// <summary>A database that a server cannot write to for a while: PostgreSQL behind a proxy that is shut, SQLite's file held by another process.</summary>
internal sealed class AwayDatabase : IAsyncDisposable
{
    private readonly TcpProxy? _proxy;
    private SqliteConnection? _holder;

    private AwayDatabase(TcpProxy? proxy, SqliteConnection? holder) => (_proxy, _holder) = (proxy, holder);

    /// <summary>Takes it away.</summary>
    public static async Task<AwayDatabase> TakeAsync(TcpProxy? proxy, string sqlitePath)
    {
        if (proxy is not null)
        {
            proxy.Shut();
            return new AwayDatabase(proxy, null);
        }

        var holder = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sqlitePath, Pooling = false, DefaultTimeout = 30 }.ToString());
        await holder.OpenAsync();
        await using var command = holder.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
        return new AwayDatabase(null, holder);
    }

    /// <summary>Gives it back.</summary>
    public async Task ReturnAsync()
    {
        _proxy?.Open();
        if (_holder is not null)
        {
            await _holder.DisposeAsync();
            _holder = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ReturnAsync();
}
