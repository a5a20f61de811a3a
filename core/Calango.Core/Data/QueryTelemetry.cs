using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Calango.Core.Telemetry;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Data;

/// <summary>
/// Measures each query until its first row is there, gives it a span inside a turn that is traced, and logs it if it was
/// slow: its text, never its values. Thread-safe.
/// </summary>
public sealed partial class QueryTelemetry : DbCommandInterceptor
{
    // A tenth of a second is what a person notices; past a quarter, something is wrong with a query of ours or its index.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);
    private static readonly double[] Boundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
    private static readonly string[] Operations = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "PRAGMA"];
    private const int MaxLoggedLength = 4_000;

    private readonly string _system;
    private readonly Histogram<double> _duration;
    private readonly ILogger _logger;

    /// <summary>One for each server.</summary>
    public QueryTelemetry(DatabaseOptions options, IMeterFactory meters, ILogger<QueryTelemetry> logger)
    {
        _system = options.IsSqlite ? "sqlite" : "postgresql";
        _duration = meters.Create(Instrumentation.Name).CreateHistogram(
            "db.client.operation.duration", "s", "How long queries took, until their first row.", Boundaries);
        _logger = logger;
    }

    // Only the asynchronous ones: no query of ours blocks a thread.

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Silence.Begin(command);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Silence.Begin(command);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Silence.Begin(command);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        Silence.Break();
        Measure(command, eventData, null);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Silence.End();
        Measure(command, eventData, null);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        Silence.End();
        Measure(command, eventData, null);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        Silence.End();
        return result;
    }

    /// <inheritdoc/>
    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Silence.End();
        Measure(command, eventData, (eventData.Exception as DbException)?.SqlState ?? eventData.Exception.GetType().Name);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Silence.End();
        return Task.CompletedTask;
    }

    private void Measure(DbCommand command, CommandEndEventData ended, string? error)
    {
        var operation = OperationOf(command.CommandText);
        var tags = new TagList { { "db.system.name", _system }, { "db.operation.name", operation } };
        if (error is not null)
        {
            tags.Add(Instrumentation.ErrorType, error);
        }

        _duration.Record(ended.Duration.TotalSeconds, tags);
        if (ended.Duration > Slow)
        {
            LogSlow(_logger, (int)ended.Duration.TotalMilliseconds, WithoutValues(command.CommandText));
        }

        // Of a turn only: a span for each look at the clock of the background would tell nobody anything.
        if (Activity.Current is { IsAllDataRequested: true } parent && parent.Source == Instrumentation.Source)
        {
            AddSpan(parent, ended, operation, tags, failed: error is not null);
        }
    }

    private static void AddSpan(Activity parent, CommandEndEventData ended, string operation, in TagList tags, bool failed)
    {
        using var span = Instrumentation.Source.StartActivity(ActivityKind.Client, parent.Context, tags, startTime: ended.StartTime, name: operation);
        span?.SetEndTime((ended.StartTime + ended.Duration).UtcDateTime);
        if (failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string OperationOf(string sql)
    {
        var text = sql.AsSpan().TrimStart();
        foreach (var operation in Operations)
        {
            if (text.StartsWith(operation, StringComparison.OrdinalIgnoreCase))
            {
                return operation;
            }
        }

        return "OTHER";
    }

    // Values travel as parameters, and the constants of a query are the program's. A query that broke this rule would still
    // not bring a value here.
    private static string WithoutValues(string sql) => Literal().Replace(sql.Length > MaxLoggedLength ? sql[..MaxLoggedLength] : sql, "?");

    // Text to its end, closed or cut; and numbers that are no part of a name.
    [GeneratedRegex("""'(?:[^']|'')*(?:'|$)|(?<![\w@$".])[0-9]+(?:\.[0-9]+)?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [LoggerMessage(LogLevel.Warning, "A query took {Milliseconds} ms: {Sql}")]
    private static partial void LogSlow(ILogger logger, int milliseconds, string sql);
}
