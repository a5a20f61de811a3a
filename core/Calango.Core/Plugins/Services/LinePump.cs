using System.Text;

namespace Calango.Core.Plugins;

/// <summary>Hands on a child's output line by line; a line longer than 4,096 characters is cut, so that none fills the memory.</summary>
internal static class LinePump
{
    private const int MaxLine = 4096;

    /// <summary>Ends with the output. <paramref name="onLine"/> must not throw: nobody would read on, and the child would stall.</summary>
    public static async Task RunAsync(StreamReader reader, Action<string> onLine)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        while (await ReadAsync(reader, buffer) is > 0 and var count)
        {
            for (var index = 0; index < count; index++)
            {
                Take(buffer[index], line, onLine);
            }
        }

        if (line.Length > 0)
        {
            Emit(line, onLine);
        }
    }

    private static async Task<int> ReadAsync(StreamReader reader, char[] buffer)
    {
        try
        {
            return await reader.ReadAsync(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static void Take(char character, StringBuilder line, Action<string> onLine)
    {
        if (character == '\n')
        {
            Emit(line, onLine);
        }
        else if (line.Length < MaxLine && character != '\r')
        {
            line.Append(character);
        }
    }

    private static void Emit(StringBuilder line, Action<string> onLine)
    {
        onLine(line.ToString());
        line.Clear();
    }
}
