using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// A plugin's logs, as text: the server's loggers must never hold an object of a plugin's own type, which would keep its
/// code in memory. An exception's message stays out: it may quote what a person wrote.
/// </summary>
internal sealed class PluginLoggerFactory(string pluginId, ILoggerFactory host) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new TextLogger(host.CreateLogger($"{pluginId}:{categoryName}"));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A plugin's logs go where the server's go.");

    public void Dispose()
    {
    }

    private sealed class TextLogger(ILogger host) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => host.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, null);
                host.Log(logLevel, new EventId(eventId.Id), exception is null ? text : $"{text} {exception.GetType().FullName}\n{exception.StackTrace}", null, static (line, _) => line);
            }
        }
    }
}
