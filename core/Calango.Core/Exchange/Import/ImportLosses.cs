namespace Calango.Core.Exchange;

/// <summary>What does not come along, by why: how often. Each name is the end of a locale key, <c>exchange.loss.{name}</c>.</summary>
public sealed class ImportLosses : SortedDictionary<string, int>
{
    /// <summary>An empty count.</summary>
    public ImportLosses()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Counts one more.</summary>
    public void Note(string name, int count = 1)
    {
        if (count > 0)
        {
            this[name] = this.GetValueOrDefault(name) + count;
        }
    }
}
