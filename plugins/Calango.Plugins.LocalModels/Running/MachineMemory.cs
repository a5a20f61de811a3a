using System.Globalization;

namespace Calango.Plugins.LocalModels;

// How much memory a new process may take without others being pushed out.
internal class MachineMemory
{
    public virtual long AvailableBytes()
    {
        if (OperatingSystem.IsLinux() && LinuxAvailable() is { } available)
        {
            return Math.Min(available, GroupAvailable());
        }

        var memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes;
    }

    private static long? LinuxAvailable()
    {
        const string Label = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line[Label.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    // In a container the group's limit counts too.
    private static long GroupAvailable() =>
        GroupNumber("memory.max") is { } limit && GroupNumber("memory.current") is { } used ? Math.Max(limit - used, 0) : long.MaxValue;

    private static long? GroupNumber(string name)
    {
        var path = Path.Combine("/sys/fs/cgroup", name);
        return File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }
}
