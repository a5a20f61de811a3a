using System.Diagnostics;

namespace Calango.Extraction;

/// <summary>A program of the system that reads a part of a document for us, with less memory than we have.</summary>
internal sealed class HelperProgram : IDisposable
{
    private const string Limited = "ulimit -v 1572864 2>/dev/null; exec \"$@\"";
    private const int MostErrors = 2000;

    private static readonly List<Process> Running = [];

    private readonly Process _process;
    private string _errors = "";

    private HelperProgram(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _errors = _errors.Length < MostErrors ? _errors + line.Data + "\n" : _errors;
        process.BeginErrorReadLine();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    public static bool IsThere(string name) => Find(name) is not null;

    /// <param name="name">Looked for in PATH; must be there.</param>
    /// <param name="arguments">One entry an argument.</param>
    public static HelperProgram Start(string name, params string[] arguments)
    {
        string[] command = [Find(name)!, .. arguments];
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(command[0], command[1..]) : new ProcessStartInfo("/bin/sh", ["-c", Limited, "sh", .. command]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        lock (Running)
        {
            var process = Process.Start(start)!;
            Running.Add(process);
            return new HelperProgram(process);
        }
    }

    /// <summary>Waits until it has ended; its output must be read by then.</summary>
    public (int Code, string Errors) End()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _errors);
    }

    /// <summary>The server has enough, or is gone.</summary>
    public static void EndAll()
    {
        lock (Running)
        {
            Running.ForEach(Kill);
        }
    }

    public void Dispose()
    {
        lock (Running)
        {
            Running.Remove(_process);
            Kill(_process);
        }

        _process.Dispose();
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)).FirstOrDefault(path => Path.IsPathFullyQualified(path) && File.Exists(path));
}
