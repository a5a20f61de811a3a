using System.Collections.Concurrent;

namespace Calango.Core.Chat;

/// <summary>The calls of one turn that wait for a person's word. Thread-safe.</summary>
internal sealed class ToolApprovals
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<ToolDecision>> _waiting = new();

    /// <summary>Ends with the person's word.</summary>
    /// <exception cref="TimeoutException">Nobody said anything.</exception>
    public async Task<ToolDecision> WaitAsync(Guid useId, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var decision = _waiting.GetOrAdd(useId, _ => new TaskCompletionSource<ToolDecision>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await decision.Task.WaitAsync(limit, clock, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(useId, out _);
        }
    }

    /// <summary>Says it; false: nothing waits for it, or somebody has said it already.</summary>
    public bool Decide(Guid useId, ToolDecision decision) => _waiting.TryGetValue(useId, out var waiting) && waiting.TrySetResult(decision);
}
