using System.Globalization;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// Two threads of one core share its arithmetic units: more threads than cores make generation slower.
internal static class PhysicalCores
{
    public static int Count()
    {
        var cores = OperatingSystem.IsLinux() ? LinuxCores() : OperatingSystem.IsMacOS() ? Environment.ProcessorCount : Environment.ProcessorCount / 2;
        // A container may be allowed less than the machine has.
        return Math.Clamp(cores, 1, Environment.ProcessorCount);
    }

    // The threads of one step wait for each other in a loop, so one that has to share its core holds up all: beside
    // other work, fewer threads are several times faster than one for each core.
    public static int Free(int cores) => OperatingSystem.IsLinux() ? Math.Clamp(cores - LinuxRunnable(), 1, cores) : cores;

    // "0.20 0.18 0.12 1/80 11206": one thread of eighty can run now, the one that asks.
    private static int LinuxRunnable()
    {
        var running = File.ReadAllText("/proc/loadavg").Split(' ')[3].Split('/')[0];
        return int.Parse(running, CultureInfo.InvariantCulture) - 1;
    }

    private static int LinuxCores()
    {
        try
        {
            return Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
        }
        catch (IOException)
        {
            return Environment.ProcessorCount;
        }
    }
}
