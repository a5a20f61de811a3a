using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// What an isolated plugin logs, in a category that is always its own: it could claim to be anybody. Not more than a hundred
/// lines in a second. Thread-safe.
/// </summary>
internal sealed class PluginLog(string pluginId, ILoggerFactory loggers)
{
    private const int MostInASecond = 100;
    private const int MostCharacters = 4096;

    private readonly ILogger _log = loggers.CreateLogger($"{pluginId}:Isolated");
    private readonly Lock _lock = new();
    private long _second;
    private int _inSecond;

    public void Write(LogMessage line)
    {
        if (Enum.IsDefined((LogLevel)line.Level) && MayWrite())
        {
            var text = $"{line.Category}: {line.Text}";
            _log.Log((LogLevel)line.Level, default, text.Length > MostCharacters ? text[..MostCharacters] : text, null, static (text, _) => text);
        }
    }

    private bool MayWrite()
    {
        lock (_lock)
        {
            var second = Environment.TickCount64 / 1000;
            (_second, _inSecond) = second == _second ? (second, _inSecond + 1) : (second, 1);
            return _inSecond <= MostInASecond;
        }
    }
}
