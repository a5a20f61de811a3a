using System.Collections.Concurrent;
using Calango.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Calango.Bench.Relay;

/// <summary>Question and answer of each turn, through one writer thread that puts all that waits into one transaction.</summary>
internal sealed class TurnStore : IDisposable
{
    private readonly BlockingCollection<(string Question, string Answer, TaskCompletionSource Done)> _queue = [];
    private readonly Thread _writer;

    public TurnStore(string path)
    {
        // The kernel's own bridge to the system's SQLite, so that both run on the same library.
        DataSetup.Configure(new DbContextOptionsBuilder<CalangoDb>(), new DatabaseOptions { SqlitePath = path });
        _writer = new Thread(() => Run(path)) { IsBackground = true };
        _writer.Start();
    }

    public Task WriteAsync(string question, string answer)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((question, answer, done));
        return done.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _writer.Join();
        _queue.Dispose();
    }

    private void Run(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var setup = connection.CreateCommand();
        setup.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, role TEXT, body TEXT)";
        setup.ExecuteNonQuery();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO messages (role, body) VALUES ($role, $body)";
        var role = insert.Parameters.Add("$role", SqliteType.Text);
        var body = insert.Parameters.Add("$body", SqliteType.Text);
        var batch = new List<TaskCompletionSource>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            batch.Clear();
            var turn = first;
            do
            {
                (role.Value, body.Value) = ("user", turn.Question);
                insert.ExecuteNonQuery();
                (role.Value, body.Value) = ("assistant", turn.Answer);
                insert.ExecuteNonQuery();
                batch.Add(turn.Done);
            }
            while (batch.Count < 256 && _queue.TryTake(out turn));
            transaction.Commit();
            batch.ForEach(done => done.SetResult());
        }
    }
}
