using Calango.Core.Plugins;
using Microsoft.Extensions.Logging;

namespace Calango.PluginProcess;

/// <summary>Sends log lines to the server, which has its own mind about how many it takes.</summary>
internal sealed class WireLoggers(Wire wire) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new WireLogger(wire, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The logs go to the server.");

    public void Dispose()
    {
    }

    private sealed class WireLogger(Wire wire, string category) : ILogger
    {
        // What is below this, the server would not want to hear of.
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                wire.Tell(WireMethod.Log, WireJson.Write(new LogMessage((int)logLevel, category, formatter(state, null))));
            }
        }
    }
}
