using System.Diagnostics;
using System.Globalization;

namespace Calango.Tests.Fixtures;

/// <summary>Kills a child when this process ends, even by SIGKILL: a small shell notices that its standard input has closed.</summary>
internal sealed class Lifeline : IDisposable
{
    private readonly Process _shell;

    public Lifeline(Process child)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT; read -r _ || kill -9 $0 2>/dev/null", child.Id.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
        };
        _shell = Process.Start(start)!;
    }

    public void Dispose()
    {
        // A line instead of an end: the child is gone, and its number may soon be another's.
        _shell.StandardInput.WriteLine();
        _shell.Dispose();
    }
}
