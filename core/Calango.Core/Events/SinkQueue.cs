using System.Threading.Channels;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Events;

/// <summary>
/// The events that wait for one sink, and who carries them there. Whoever adds one never waits: what finds no room, is
/// refused, or could not be delivered for an hour is dropped, counted, and told now and then. Thread-safe.
/// </summary>
/// <param name="sink">Its plugin's id.</param>
/// <param name="send">Delivers events; false: nobody wants them any more. It may throw, block or never end.</param>
/// <param name="report">Told how each try went.</param>
/// <param name="telemetry">Counts.</param>
/// <param name="clock">The time.</param>
internal sealed class SinkQueue(
    string sink, Func<IReadOnlyList<ModelEvent>, CancellationToken, Task<bool>> send, Action<Exception?> report, SinkTelemetry telemetry, TimeProvider clock) : IDisposable
{
    private const int MaxEvents = 5_000, MaxBatch = 100;

    private const string Stopped = "server.stopped";

    // In UTF-16 units. An event may be as long as a chat, and a service has its own idea of the longest request.
    private const long MaxText = 32L * 1024 * 1024, MaxBatchText = 1024 * 1024;

    // Calls that ended neither by themselves nor when they were told to: past these, the sink isn't called any more.
    private const int MaxLeftBehind = 4;

    /// <summary>How long events are gathered before they are sent together.</summary>
    internal static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    /// <summary>How long a sink may take; then it is told to stop, and left behind soon after.</summary>
    internal static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(30), LongestStop = TimeSpan.FromSeconds(5);

    /// <summary>How long the same events are tried.</summary>
    internal static readonly TimeSpan LongestTry = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    private readonly Channel<ModelEvent> _waiting = Channel.CreateBounded<ModelEvent>(new BoundedChannelOptions(MaxEvents) { SingleReader = true });
    private readonly CancellationTokenSource _hurry = new();
    private readonly Occasionally _drops = new(clock), _failures = new(clock);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _text;
    private int _leftBehind;

    /// <summary>Takes an event, or drops it where there is no room.</summary>
    public void Add(ModelEvent one)
    {
        var hasRoom = Interlocked.Add(ref _text, TextOf(one)) <= MaxText;
        telemetry.Waits(sink, 1);
        if (!hasRoom || !_waiting.Writer.TryWrite(one))
        {
            Forget([one]);
            Drop(1, "queue.full");
        }
    }

    /// <summary>Something has changed: what waits to be tried again is tried now.</summary>
    public void Wake() => Volatile.Read(ref _wake).TrySetResult();

    /// <summary>Nothing more is taken; what waits is tried once more, now.</summary>
    public void Complete()
    {
        // In this order: whoever delivers may find nothing left and dispose this at once.
        _hurry.Cancel();
        _waiting.Writer.TryComplete();
    }

    /// <summary>Delivers until <see cref="Complete"/> was called and nothing waits, or until <paramref name="end"/>. Never throws.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await PauseAsync(Gathering);
            var batch = Take();
            if (await DeliverAsync(batch, end) is { } lost)
            {
                Drop(batch.Count, lost);
            }

            Forget(batch);
        }

        Tell(_drops.Rest(), Stopped);
    }

    /// <inheritdoc/>
    public void Dispose() => _hurry.Dispose();

    private List<ModelEvent> Take()
    {
        var batch = new List<ModelEvent>();
        for (long text = 0; batch.Count < MaxBatch && _waiting.Reader.TryPeek(out var next) && (batch.Count == 0 || text + TextOf(next) <= MaxBatchText);)
        {
            text += TextOf(next);
            _waiting.Reader.TryRead(out next);
            batch.Add(next!);
        }

        return batch;
    }

    // Returns why they are lost; null: they have arrived.
    private async Task<string?> DeliverAsync(List<ModelEvent> batch, CancellationToken end)
    {
        var since = clock.GetTimestamp();
        for (var number = 1; ; number++)
        {
            try
            {
                if (!await TryAsync(batch, end))
                {
                    return "sink.off";
                }

                telemetry.Sent(sink, batch.Count);
                report(null);
                return null;
            }
            catch (Exception exception)
            {
                report(exception);
                var (code, wait) = (end.IsCancellationRequested ? Stopped : SinkFailures.Of(exception, sink).Code, WaitAfter(number, exception));
                if (_hurry.IsCancellationRequested || IsFinal(exception) || clock.GetElapsedTime(since) + wait > LongestTry)
                {
                    return code;
                }

                if (_failures.Add(1) > 0)
                {
                    telemetry.TellFailing(sink, code);
                }

                await PauseAsync(wait);
            }
        }
    }

    private async Task<bool> TryAsync(List<ModelEvent> batch, CancellationToken end)
    {
        end.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _leftBehind) >= MaxLeftBehind)
        {
            throw new TimeoutException();
        }

        using var limit = new CancellationTokenSource(LongestSend, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        var token = either.Token;
        // Elsewhere: a sink that blocks its thread must not block this one.
        var call = Task.Run(() => send(batch, token), CancellationToken.None);
        try
        {
            return await call.WaitAsync(LongestSend + LongestStop, clock, end);
        }
        finally
        {
            if (!call.IsCompleted)
            {
                LeaveBehind(call);
            }
        }
    }

    private void LeaveBehind(Task call)
    {
        Interlocked.Increment(ref _leftBehind);
        _ = call.ContinueWith(ended => { _ = ended.Exception; Interlocked.Decrement(ref _leftBehind); }, TaskScheduler.Default);
    }

    // A sink that refuses these events, or fails over them, would do so again, and all others would wait behind them.
    private static bool IsFinal(Exception exception) =>
        exception is ProviderException { Kind: ProviderErrorKind.InvalidRequest } or PluginFault { ExceptionType: not PluginFault.NotServingType };

    private static TimeSpan WaitAfter(int number, Exception exception)
    {
        var step = Math.Min(FirstWait.TotalSeconds * Math.Pow(2, number - 1), LongestWait.TotalSeconds);
        var wait = TimeSpan.FromSeconds(step * (0.5 + (Random.Shared.NextDouble() / 2)));
        return exception is ProviderException { RetryAfter: { } asked } && asked > wait ? asked : wait;
    }

    private async Task PauseAsync(TimeSpan time)
    {
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _wake, wake);
        await wake.Task.WaitAsync(time, clock, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Forget(List<ModelEvent> events)
    {
        Interlocked.Add(ref _text, -events.Sum(TextOf));
        telemetry.Waits(sink, -events.Count);
    }

    private void Drop(int count, string code)
    {
        telemetry.Dropped(sink, count, code);
        Tell(_drops.Add(count), code);
    }

    private void Tell(long drops, string code)
    {
        if (drops > 0)
        {
            telemetry.TellDropped(sink, drops, code);
        }
    }

    private static long TextOf(ModelEvent one) => one.Text is not { } text ? 0
        : text.Answer.Length + text.Comment.Length + text.Prompt.Sum(message => (long)message.Text.Length) + text.ToolCalls.Sum(call => (long)call.Arguments.Length + call.Result.Length);
}
