using System.Data.Common;
using System.Diagnostics;

namespace Calango.Core.Data;

/// <summary>
/// Ends the wait for a unit of work where PostgreSQL has been silent for longer than a command may take. Npgsql's own
/// limit would do it, but asks the server to cancel before it gives up, on the thread that it runs on and over a new
/// connection: on a network that swallows everything this takes ten seconds more, and where many wait, no thread is left
/// to serve anybody. Thread-safe.
/// </summary>
internal sealed class Silence
{
    /// <summary>How long a command, or a connection, may take.</summary>
    public const int LongestSeconds = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(LongestSeconds);
    private static readonly AsyncLocal<Silence?> Current = new();

    // When the database was asked what it has not answered yet, or was last heard of since; 0: nothing is asked.
    private long _askedAt;
    private DbCommand? _asked;

    private TimeSpan Left => Volatile.Read(ref _askedAt) is not 0 and var askedAt ? Longest - Stopwatch.GetElapsedTime(askedAt) : Longest;

    /// <summary>The unit that runs here asks the database.</summary>
    /// <param name="command">With what; null: it commits.</param>
    public static void Begin(DbCommand? command)
    {
        if (Current.Value is { } silence)
        {
            Volatile.Write(ref silence._asked, command);
            Volatile.Write(ref silence._askedAt, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>The first of several rows is there.</summary>
    public static void Break()
    {
        if (Current.Value is { } silence)
        {
            Volatile.Write(ref silence._askedAt, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>What was asked is answered.</summary>
    public static void End()
    {
        if (Current.Value is { } silence)
        {
            Volatile.Write(ref silence._askedAt, 0);
        }
    }

    /// <summary>Runs a unit of work.</summary>
    /// <exception cref="DatabaseUnavailableException">Nothing was heard for too long.</exception>
    public static async Task<T> LimitAsync<T>(Func<Task<T>> unit)
    {
        var silence = new Silence();
        Current.Value = silence;
        var running = unit();
        while (true)
        {
            try
            {
                return await running.WaitAsync(silence.Left is { Ticks: > 0 } left ? left : TimeSpan.Zero);
            }
            catch (TimeoutException timeout) when (!running.IsCompleted)
            {
                if (silence.Left <= TimeSpan.Zero)
                {
                    silence.GiveUp(running);
                    throw new DatabaseUnavailableException(timeout);
                }
            }
        }
    }

    // What asks the server to cancel blocks its thread: it gets one of its own. The connection is free for others only then.
    private void GiveUp(Task running)
    {
        if (Volatile.Read(ref _asked) is { } command)
        {
            _ = Task.Factory.StartNew(
                () =>
                {
                    if (!running.IsCompleted)
                    {
                        command.Cancel();
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }
}
