using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Calango.Core.Plugins;

/// <summary>
/// Awaits one step of a plugin's stream after another, and lets go of the one that it awaits where calls are cut. It is
/// on the way of every token, so it costs no memory for one.
/// </summary>
internal sealed class CutWait : IValueTaskSource<bool>, IDisposable
{
    private const int Idle = 0, Waiting = 1, LetGo = 2;

    private readonly CancellationTokenRegistration _registration;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _stepEnded;
    private ManualResetValueTaskSourceCore<bool> _result;
    private ValueTaskAwaiter<bool> _step;
    private volatile bool _isCut;
    private int _state;

    public CutWait(CancellationToken cut)
    {
        _stepEnded = StepEnded;
        _registration = cut.UnsafeRegister(static wait => ((CutWait)wait!).Cut(), this);
    }

    /// <summary>Whether the last step was let go of and may still run. It ends with <see cref="Left"/>.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == LetGo;

    /// <inheritdoc cref="HasLeft"/>
    public Task Left => _left.Task;

    /// <summary>Awaits a step. Not to be called again before that has ended.</summary>
    /// <exception cref="OperationCanceledException">Calls were cut.</exception>
    public ValueTask<bool> WaitAsync(ValueTask<bool> step)
    {
        if (step.IsCompleted)
        {
            return step;
        }

        _result.Reset();
        _step = step.GetAwaiter();
        Volatile.Write(ref _state, Waiting);
        var waiting = new ValueTask<bool>(this, _result.Version);
        _step.UnsafeOnCompleted(_stepEnded);
        if (_isCut)
        {
            Cut();
        }

        return waiting;
    }

    public bool GetResult(short token) => _result.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    public void Dispose() => _registration.Dispose();

    private void StepEnded()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting)
        {
            _left.TrySetResult();
            return;
        }

        bool more;
        try
        {
            more = _step.GetResult();
        }
        catch (Exception exception)
        {
            _result.SetException(exception);
            return;
        }

        _result.SetResult(more);
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
