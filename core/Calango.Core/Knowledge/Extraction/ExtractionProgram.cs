using System.Globalization;
using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>The program that reads one document, and how it is started: with as little of everything as it needs.</summary>
internal sealed class ExtractionProgram
{
    private const string Program = "Calango.Extraction.dll";

    // .NET sets aside far more addresses than it uses. The programs that it starts get by with less, and limit themselves further.
    private const int AddressKilobytes = 6 << 20;
    private const string Limited = "ulimit -c 0; ulimit -v \"$1\" 2>/dev/null; ulimit -t \"$2\" 2>/dev/null; shift 2; exec \"$@\"";

    private readonly string _dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
    private readonly string? _program;

    /// <param name="folders">Where it may be, the likeliest first.</param>
    public ExtractionProgram(IEnumerable<string> folders) =>
        _program = folders.Select(folder => Path.GetFullPath(Path.Combine(folder, Program))).FirstOrDefault(File.Exists);

    /// <exception cref="ExtractionException">It isn't there.</exception>
    public ChildProcessStart StartOf(ExtractionLimits limits)
    {
        string[] command = [_dotnet, _program ?? throw new ExtractionException("noReader")];
        string[] limited = ["-c", Limited, "sh", Number(AddressKilobytes), Number((int)limits.Whole.TotalSeconds + 1), .. command];
        return new ChildProcessStart(
            OperatingSystem.IsWindows() ? _dotnet : "/bin/sh",
            OperatingSystem.IsWindows() ? command[1..] : limited,
            new Dictionary<string, string>
            {
                ["LANG"] = "C.UTF-8",
                ["DOTNET_GCHeapHardLimit"] = limits.HeapBytes.ToString("x", CultureInfo.InvariantCulture),
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_gcConcurrent"] = "0",
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_EnableDiagnostics"] = "0",
                ["DOTNET_DbgEnableMiniDump"] = "0",
            })
        { IsSpokenTo = true };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
