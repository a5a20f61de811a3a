namespace Calango.Web.Telemetry;

/// <summary>What a line of the log stands in, without what opens something: the framework adds the path of the request.</summary>
internal sealed class ClosedScopes(IExternalScopeProvider scopes) : IExternalScopeProvider
{
    private const string Path = "RequestPath";

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => scopes.ForEachScope((scope, given) => callback(Close(scope), given), state);

    public IDisposable Push(object? state) => scopes.Push(state);

    private static object? Close(object? scope) =>
        scope is IReadOnlyList<KeyValuePair<string, object?>> facts && facts.Any(fact => fact is { Key: Path, Value: string path } && SecretPaths.Close(path) != path) ? new ClosedScope(facts) : scope;

    private sealed class ClosedScope(IEnumerable<KeyValuePair<string, object?>> facts)
        : List<KeyValuePair<string, object?>>(facts.Select(fact => fact is { Key: Path, Value: string path } ? KeyValuePair.Create<string, object?>(Path, SecretPaths.Close(path)) : fact))
    {
        public override string ToString() => string.Join(' ', this.Select(fact => $"{fact.Key}:{fact.Value}"));
    }
}
