using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>
/// The chat clients made from one generation, so that a turn doesn't build one anew. It lives in the generation: it
/// must not keep the plugin's code longer than that. Thread-safe.
/// </summary>
internal sealed class ChatClientCache
{
    private readonly ConcurrentDictionary<(Guid Version, string ModelId), IChatClient> _clients = new();

    /// <param name="version">The version of the connection's settings.</param>
    /// <param name="modelId">The model.</param>
    /// <param name="connect">Makes the client.</param>
    public async ValueTask<IChatClient> GetOrAddAsync(Guid version, string modelId, Func<Task<IChatClient>> connect) =>
        _clients.TryGetValue((version, modelId), out var client) ? client : _clients.GetOrAdd((version, modelId), await connect());

    /// <summary>Forgets the clients of settings that changed. Calls that run go on: nothing is disposed.</summary>
    public void Drop(Guid version)
    {
        foreach (var key in _clients.Keys.Where(key => key.Version == version))
        {
            _clients.TryRemove(key, out _);
        }
    }

    public void Clear() => _clients.Clear();
}
