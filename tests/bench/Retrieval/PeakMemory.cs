using System.Globalization;

namespace Calango.Bench;

/// <summary>The most memory that this process and each of its children have had at once, from when it is made.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private long _own;
    private long _child;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Often);

    public void Dispose() => _timer.Dispose();

    public override string ToString() => $"peak {Volatile.Read(ref _own) / 1000} MB, of a child {Volatile.Read(ref _child) / 1000} MB";

    private void Look()
    {
        _own = Math.Max(_own, Kilobytes(Environment.ProcessId, "VmRSS"));
        var families = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Parent: (int)Kilobytes(int.Parse(name!, CultureInfo.InvariantCulture), "PPid"))).ToLookup(process => process.Parent, process => process.Id);
        foreach (var child in Below(Environment.ProcessId))
        {
            _child = Math.Max(_child, Kilobytes(child, "VmHWM"));
        }

        IEnumerable<int> Below(int parent) => families[parent].SelectMany(child => Below(child).Prepend(child));
    }

    private static long Kilobytes(int process, string what)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith($"{what}:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[(what.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
