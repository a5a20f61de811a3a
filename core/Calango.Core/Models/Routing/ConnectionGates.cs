using System.Collections.Concurrent;

namespace Calango.Core.Models;

/// <summary>The gate of each connection. It outlives changes of the connection: those who are inside are still counted. Thread-safe.</summary>
internal sealed class ConnectionGates(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, ConnectionGate> _gates = new();

    public ConnectionGate Of(Guid connectionId) => _gates.GetOrAdd(connectionId, _ => new ConnectionGate(clock));

    /// <summary>What goes on at a connection now.</summary>
    public ConnectionTraffic TrafficAt(Connection connection)
    {
        var (calls, waiting, restsUntil) = _gates.TryGetValue(connection.Id, out var gate) ? gate.Now : default;
        return new ConnectionTraffic(connection.Id, connection.Load.MaxConcurrent, calls, waiting, restsUntil);
    }

    /// <summary>How busy a connection is: calls going on or waiting, in proportion to how many it takes at once.</summary>
    public double LoadOf(Connection connection) =>
        _gates.TryGetValue(connection.Id, out var gate) ? (double)gate.Load / (connection.Load.MaxConcurrent ?? 1) : 0;
}
