using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels;

// What the C library keeps of memory that ONNX Runtime has freed: glibc has a heap for each thread and gives back only what is at a
// heap's end, which came to 150 MB after a document of a hundred pages (malloc_trim(3)).
internal static partial class FreedMemory
{
    private static bool _canReturn = OperatingSystem.IsLinux();

    public static void Return()
    {
        if (!_canReturn)
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which has no such function.
            _canReturn = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
