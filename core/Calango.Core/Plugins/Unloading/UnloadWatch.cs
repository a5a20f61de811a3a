namespace Calango.Core.Plugins;

/// <summary>Finds out whether code that was unloaded has left the memory. Helps the garbage collector to get there, and no longer than needed.</summary>
internal sealed class UnloadWatch
{
    // From the first to the last, some ten seconds and ten collections: what is alive then is held by something.
    private static readonly int[] Waits = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120];

    private readonly Lock _lock = new();
    private Task? _collecting;

    /// <summary>Whether it is gone. Returns false once it has outlived several collections.</summary>
    public async Task<bool> IsGoneAsync(WeakReference? code)
    {
        if (code is null)
        {
            return true;
        }

        foreach (var wait in Waits)
        {
            await CollectAsync(wait);
            if (!code.IsAlive)
            {
                return true;
            }
        }

        return false;
    }

    // One collection serves all who wait for one. It goes on beside the threads that answer people.
    private Task CollectAsync(int wait)
    {
        lock (_lock)
        {
            return _collecting is { IsCompleted: false } running ? running : _collecting = Task.Run(async () =>
            {
                await Task.Delay(wait);
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
                // The runtime lets go of the code in a finalizer, on a thread of its own.
                await Task.Delay(wait);
            });
        }
    }
}
