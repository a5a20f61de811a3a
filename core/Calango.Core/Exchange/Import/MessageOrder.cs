namespace Calango.Core.Exchange;

/// <summary>Brings the messages of a chat into an order in which each comes after the one that it follows.</summary>
internal static class MessageOrder
{
    /// <summary>Those that are in such an order stay as they are. One that follows nothing that is there begins a path of its own, and so does one of a circle.</summary>
    public static List<ExchangedMessage> Arrange(IReadOnlyList<ExchangedMessage> messages, ImportLosses losses)
    {
        var distinct = messages.DistinctBy(message => message.Id).ToList();
        losses.Note("twice", messages.Count - distinct.Count);
        var ids = distinct.Select(message => message.Id).ToHashSet();
        losses.Note("orphan", distinct.Count(message => message.ParentId is { } parent && !ids.Contains(parent)));
        var rooted = distinct.ConvertAll(message => message.ParentId is { } parent && !ids.Contains(parent) ? message with { ParentId = null } : message);
        var ordered = IsOrdered(rooted) ? rooted : Ordered(rooted, losses);
        return IsNumbered(ordered) ? ordered : [.. ordered.Select((message, place) => message with { Sequence = place + 1 })];
    }

    private static bool IsOrdered(List<ExchangedMessage> messages)
    {
        var seen = new HashSet<Guid>();
        return messages.TrueForAll(message => (message.ParentId is not { } parent || seen.Contains(parent)) && seen.Add(message.Id));
    }

    private static bool IsNumbered(List<ExchangedMessage> messages)
    {
        var last = 0L;
        return messages.TrueForAll(message => message.Sequence > last && (last = message.Sequence) > 0);
    }

    private static List<ExchangedMessage> Ordered(List<ExchangedMessage> messages, ImportLosses losses)
    {
        var children = messages.ToLookup(message => message.ParentId);
        var (ordered, placed, open) = (new List<ExchangedMessage>(messages.Count), new HashSet<Guid>(), new Queue<ExchangedMessage>());
        PlaceFrom(children[null]);
        foreach (var message in messages.Where(message => !placed.Contains(message.Id)))
        {
            losses.Note("circle");
            PlaceFrom([message with { ParentId = null }]);
        }

        return ordered;

        void PlaceFrom(IEnumerable<ExchangedMessage> roots)
        {
            foreach (var root in roots)
            {
                open.Enqueue(root);
            }

            while (open.TryDequeue(out var next))
            {
                if (placed.Add(next.Id))
                {
                    ordered.Add(next);
                    foreach (var child in children[next.Id])
                    {
                        open.Enqueue(child);
                    }
                }
            }
        }
    }
}
