using System.Globalization;

namespace Calango.Core.Plugins;

/// <summary>Watches over a plugin's process: that it answers, does not take too much memory, and heeds it when nobody waits any more.</summary>
internal sealed class ChildWatch : IAsyncDisposable
{
    private const long MostMemoryBytes = 768L * 1024 * 1024;

    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(10);

    private readonly int _processId;
    private readonly Wire _wire;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _alarm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;

    public ChildWatch(int processId, Wire wire)
    {
        (_processId, _wire) = (processId, wire);
        _watching = Task.Run(RunAsync);
    }

    /// <summary>Ends with the reason for which the process must go; never where there is none.</summary>
    public Task<string> Alarm => _alarm.Task;

    /// <summary>The resident memory of a process and of all that it started, in bytes; 0: it is gone.</summary>
    public static long MemoryOf(int processId)
    {
        try
        {
            var pages = long.Parse(File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            return (pages * Environment.SystemPageSize) + ChildrenOf(processId).Sum(MemoryOf);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private static IEnumerable<int> ChildrenOf(int processId) =>
        Directory.GetDirectories($"/proc/{processId}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private async Task RunAsync()
    {
        var asked = Task.CompletedTask;
        var askedAt = Environment.TickCount64;
        using var timer = new PeriodicTimer(Each);
        while (!_alarm.Task.IsCompleted && !_wire.Ended.IsCompleted && !_stopping.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(_stopping.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            if (asked.IsCompleted)
            {
                (asked, askedAt) = (_wire.CallAsync(WireMethod.Ping, default, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default), Environment.TickCount64);
            }

            if (ReasonToEnd(Environment.TickCount64 - askedAt) is { } reason)
            {
                _alarm.TrySetResult(reason);
            }
        }
    }

    private string? ReasonToEnd(long unansweredFor) =>
        unansweredFor > AnswerLimit.TotalMilliseconds ? $"it did not answer for {AnswerLimit.TotalSeconds:0} s"
        : MemoryOf(_processId) > MostMemoryBytes ? $"it took more than {MostMemoryBytes / (1024 * 1024)} MB of memory"
        // What others still wait for comes first.
        : _wire.OldestLeft > LeaveLimit && _wire.Awaited <= 1 ? $"it went on for {LeaveLimit.TotalSeconds:0} s with what nobody waited for"
        : null;
}
