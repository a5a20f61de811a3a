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
