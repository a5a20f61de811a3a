using Calango.Core.Plugins;
using Microsoft.Extensions.Logging;

namespace Calango.PluginProcess;

/// <summary>Sends log lines to the server, not more than a hundred in a second.</summary>
internal sealed class WireLoggers(Wire wire) : ILoggerFactory
{
    private const int MostInASecond = 100;

    private readonly Lock _lock = new();
    private long _second;
    private int _inSecond;

    public ILogger CreateLogger(string categoryName) => new WireLogger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The logs go to the server.");

    public void Dispose()
    {
    }

    private bool MaySend()
    {
        lock (_lock)
        {
            var second = Environment.TickCount64 / 1000;
            (_second, _inSecond) = second == _second ? (second, _inSecond + 1) : (second, 1);
            return _inSecond <= MostInASecond;
        }
    }

    private sealed class WireLogger(WireLoggers loggers, string category) : ILogger
    {
        // What the server does with it is up to the server: what is below this, it would not want to hear of.
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && loggers.MaySend())
            {
                loggers.Send(new LogMessage((int)logLevel, category, formatter(state, null)));
            }
        }
    }

    private void Send(LogMessage line) => wire.Tell(WireMethod.Log, WireJson.Write(line));
}
