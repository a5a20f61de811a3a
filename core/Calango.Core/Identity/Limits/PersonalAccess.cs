namespace Calango.Core.Identity;

/// <summary>What somebody may not use, as of one moment. Immutable.</summary>
public sealed class PersonalAccess
{
    /// <summary>That of somebody who may use everything.</summary>
    public static readonly PersonalAccess Everything = new([]);

    private readonly HashSet<(AccessKind Kind, string Key)> _closed;

    internal PersonalAccess(IEnumerable<AccessLimit> closed) => _closed = [.. closed.Select(limit => (limit.Kind, limit.Key))];

    /// <summary>Whether they may use something.</summary>
    public bool Allows(AccessKind kind, string key) => _closed.Count == 0 || !_closed.Contains((kind, key));
}
