using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Calango.Core.Plugins;

/// <summary>
/// Takes one step of a plugin's stream after another, and lets go of the one that it awaits where calls are cut, or where the
/// plugin does not heed for long that it was given up. It is on the way of every token, so it costs no memory for one. Between
/// two steps it has nothing of the plugin: a token of the server's may keep it in memory.
/// </summary>
internal sealed class CutWait : IValueTaskSource<bool>, IThreadPoolWorkItem, IDisposable
{
    private const int Idle = 0, Waiting = 1, LetGo = 2;

    private readonly TimeSpan? _patience;
    private readonly CancellationTokenRegistration _cutting;
    private readonly CancellationTokenRegistration _givingUp;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _stepEnded;
    private ManualResetValueTaskSourceCore<bool> _result;
    private Func<ValueTask<bool>>? _next;
    private ValueTaskAwaiter<bool> _step;
    private ExecutionContext? _context;
    private volatile bool _isCut;
    private int _state;

    /// <param name="cut">Cancelled where calls are cut.</param>
    /// <param name="patience">How long a step may go on that was given up; null: until it ends, and then it may hold up whoever takes it, too.</param>
    /// <param name="givenUp">Cancelled where it is given up.</param>
    public CutWait(CancellationToken cut, TimeSpan? patience, CancellationToken givenUp)
    {
        (_patience, _stepEnded) = (patience, StepEnded);
        _cutting = cut.UnsafeRegister(static wait => ((CutWait)wait!).Cut(), this);
        _givingUp = patience is null ? default : givenUp.UnsafeRegister(static wait => _ = ((CutWait)wait!).CutLaterAsync(), this);
    }

    /// <summary>Whether the last step was let go of and may still run. It ends with <see cref="Left"/>.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == LetGo;

    /// <inheritdoc cref="HasLeft"/>
    public Task Left => _left.Task;

    /// <summary>Takes a step and awaits it. Not to be called again before that has ended.</summary>
    /// <param name="next">Takes it. Runs the plugin's code.</param>
    /// <exception cref="OperationCanceledException">It was let go of.</exception>
    public ValueTask<bool> NextAsync(Func<ValueTask<bool>> next)
    {
        if (_patience is null)
        {
            var step = next();
            if (step.IsCompleted)
            {
                return step;
            }

            var awaiting = BeginWait();
            Await(step);
            return Checked(awaiting);
        }

        var waiting = BeginWait();
        (_next, _context) = (next, ExecutionContext.Capture());
        // Not here: a step that never comes back would take the thread of whoever waits for it along.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return Checked(waiting);
    }

    public bool GetResult(short token)
    {
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            // It knows whoever awaited it, who has the stream.
            _result.Reset();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    void IThreadPoolWorkItem.Execute()
    {
        if (_context is { } context)
        {
            ExecutionContext.Run(context, static wait => ((CutWait)wait!).Step(), this);
        }
        else
        {
            Step();
        }
    }

    public void Dispose()
    {
        _cutting.Dispose();
        _givingUp.Dispose();
    }

    private ValueTask<bool> BeginWait()
    {
        Volatile.Write(ref _state, Waiting);
        return new ValueTask<bool>(this, _result.Version);
    }

    private ValueTask<bool> Checked(ValueTask<bool> waiting)
    {
        if (_isCut)
        {
            Cut();
        }

        return waiting;
    }

    private void Step()
    {
        ValueTask<bool> step;
        try
        {
            step = _next!();
        }
        catch (Exception exception)
        {
            step = ValueTask.FromException<bool>(exception);
        }

        Await(step);
    }

    private void Await(ValueTask<bool> step)
    {
        _step = step.GetAwaiter();
        if (_step.IsCompleted)
        {
            StepEnded();
        }
        else
        {
            _step.UnsafeOnCompleted(_stepEnded);
        }
    }

    private void StepEnded()
    {
        var step = _step;
        (_next, _step, _context) = (null, default, null);
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting)
        {
            _left.TrySetResult();
            return;
        }

        bool more;
        try
        {
            more = step.GetResult();
        }
        catch (Exception exception)
        {
            _result.SetException(exception);
            return;
        }

        _result.SetResult(more);
    }

    private async Task CutLaterAsync()
    {
        await Task.Delay(_patience!.Value);
        Cut();
    }

    private void Cut()
    {
        _isCut = true;
        if (Interlocked.CompareExchange(ref _state, LetGo, Waiting) == Waiting)
        {
            _result.SetException(new OperationCanceledException());
        }
    }
}
