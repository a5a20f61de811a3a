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

    private long _heardAt = Stopwatch.GetTimestamp();
    private DbCommand? _asked;

    private TimeSpan Left => Longest - Stopwatch.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>A command of the unit that runs here begins.</summary>
    public static void Begin(DbCommand command)
    {
        if (Current.Value is { } silence)
        {
            Volatile.Write(ref silence._asked, command);
            silence.Break();
        }
    }

    /// <summary>A command of the unit that runs here has been answered.</summary>
    public static void End() => Current.Value?.Break();

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

    private void Break() => Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());

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
