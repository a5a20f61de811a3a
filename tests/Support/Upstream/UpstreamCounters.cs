namespace Calango.Tests.Support.Upstream;

/// <summary>Counts what a scripted upstream does. Thread-safe.</summary>
internal sealed class UpstreamCounters
{
    private long _received;
    private long _active;
    private long _peak;
    private long _tokens;
    private long _disconnected;

    public UpstreamStats Read() => new(
        Volatile.Read(ref _received), Volatile.Read(ref _active), Volatile.Read(ref _peak),
        Volatile.Read(ref _tokens), Volatile.Read(ref _disconnected));

    public void Begin()
    {
        Interlocked.Increment(ref _received);
        var active = Interlocked.Increment(ref _active);
        for (var peak = Volatile.Read(ref _peak); active > peak; peak = Volatile.Read(ref _peak))
        {
            Interlocked.CompareExchange(ref _peak, active, peak);
        }
    }

    public void End() => Interlocked.Decrement(ref _active);

    public void Token() => Interlocked.Increment(ref _tokens);

    public void Disconnected() => Interlocked.Increment(ref _disconnected);
}
