namespace Calango.Core.Models;

/// <summary>
/// A line in which nobody waits for another's crowd: the more urgent come first, then whoever has the least in service
/// and ahead in the line, then whoever came first. Not thread-safe.
/// </summary>
internal sealed class FairLine<T> where T : class
{
    private readonly Dictionary<Guid, int> _inService = [];
    private readonly List<Waiting> _waiting = [];
    private long _arrivals;

    public int Count => _waiting.Count;

    /// <summary>Somebody is served without waiting.</summary>
    public void Serve(Guid accountId) => _inService[accountId] = _inService.GetValueOrDefault(accountId) + 1;

    /// <summary>Somebody has been served.</summary>
    public void Served(Guid accountId)
    {
        if (--_inService[accountId] == 0)
        {
            _inService.Remove(accountId);
        }
    }

    public void Join(T item, ModelCaller caller) => _waiting.Add(new Waiting(item, caller.AccountId, caller.Priority, _arrivals++));

    /// <summary>Somebody no longer waits. False: they had been called meanwhile.</summary>
    public bool Leave(T item) => _waiting.RemoveAll(waiting => ReferenceEquals(waiting.Item, item)) > 0;

    /// <summary>Takes the first out of the line and serves them; null: nobody waits.</summary>
    public T? Call()
    {
        if (InOrder().FirstOrDefault() is not { } next)
        {
            return null;
        }

        _waiting.Remove(next);
        Serve(next.AccountId);
        return next.Item;
    }

    /// <summary>Those who wait, in the order in which they would be called now.</summary>
    public IEnumerable<T> InLine() => InOrder().Select(waiting => waiting.Item);

    // Who has two in service stands behind the second of somebody who has one.
    private List<Waiting> InOrder()
    {
        if (_waiting.Count == 0)
        {
            return [];
        }

        var turns = new Dictionary<Guid, int>(_inService);
        var places = _waiting.OrderBy(waiting => waiting.Priority).ThenBy(waiting => waiting.Arrival).Select(waiting =>
            (Waiting: waiting, Turn: turns[waiting.AccountId] = turns.GetValueOrDefault(waiting.AccountId) + 1)).ToList();
        return [.. places.OrderBy(place => place.Waiting.Priority).ThenBy(place => place.Turn).ThenBy(place => place.Waiting.Arrival).Select(place => place.Waiting)];
    }

    private sealed record Waiting(T Item, Guid AccountId, CallPriority Priority, long Arrival);
}
