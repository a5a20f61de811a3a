using System.Data.Common;
using Calango.Web.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Calango.Web.Telemetry;

/// <summary>
/// Writes a line as the JSON formatter does, but of an exception the types and the places alone: its message may quote what
/// a person wrote, or a key that a service or a database repeats.
/// </summary>
internal sealed class LogFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "calango";

    private readonly Lazy<ConsoleFormatter> _json =
        new(() => services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // The host tells of a failed start with all its places; why it failed is a line of its own.
        if (logEntry is { Category: "Microsoft.Extensions.Hosting.Internal.Host", Exception: { } told } && StartFailure.LineOf(told) is not null)
        {
            return;
        }

        var entry = logEntry.Exception is { } exception
            ? new LogEntry<TState>(logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State, new Wordless(exception), logEntry.Formatter)
            : logEntry;
        _json.Value.Write(entry, scopeProvider is null ? null : new ClosedScopes(scopeProvider), textWriter);
    }

    private sealed class Wordless(Exception exception) : Exception
    {
        public override string ToString() => Describe(exception);

        private static string Describe(Exception exception) =>
            $"{exception.GetType().FullName}{CodeOf(exception)}\n{exception.StackTrace}{(exception.InnerException is { } inner ? $"\n---> {Describe(inner)}" : "")}";

        // A database's own code says what its words would, and quotes nothing.
        private static string CodeOf(Exception exception) => exception is DbException { SqlState: { } state } ? $" ({state})" : "";
    }
}
