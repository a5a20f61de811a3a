using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Calango.Core.Data;

/// <summary>
/// Keeps the commands that one connection has prepared. SQLite takes longer to read a query of many columns than to run
/// it, and EF makes a new command each time: one with the same text takes over its parameters here and runs without
/// being prepared again. For one connection; not thread-safe, as the connection is not.
/// </summary>
internal sealed class PreparedCommands : DbCommandInterceptor
{
    // More texts than the program has; a list of parameters of any length makes new ones all the same.
    private const int MaxKept = 256;

    private readonly Dictionary<string, KeptCommand> _kept = [];

    /// <inheritdoc/>
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        var fresh = (SqliteCommand)result;
        if (!_kept.TryGetValue(fresh.CommandText, out var kept) || kept.IsClosed)
        {
            if (_kept.Count == MaxKept)
            {
                return fresh;
            }

            _kept[fresh.CommandText] = kept = new KeptCommand { CommandText = fresh.CommandText, Connection = fresh.Connection };
        }

        return kept.IsInUse ? fresh : kept.TakeOver(fresh);
    }

    private sealed class KeptCommand : SqliteCommand
    {
        public bool IsInUse { get; private set; }

        public bool IsClosed { get; private set; }

        public KeptCommand TakeOver(SqliteCommand fresh)
        {
            IsInUse = true;
            (Transaction, CommandTimeout) = (fresh.Transaction, fresh.CommandTimeout);
            Parameters.Clear();
            foreach (SqliteParameter parameter in fresh.Parameters)
            {
                Parameters.Add(parameter);
            }

            fresh.Dispose();
            return this;
        }

        // EF disposes of a command after each run; the connection, when it closes, of those that are left: only that is the end.
        protected override void Dispose(bool disposing)
        {
            if (IsInUse)
            {
                IsInUse = false;
                return;
            }

            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
