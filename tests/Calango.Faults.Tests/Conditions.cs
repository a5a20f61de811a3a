using Calango.Core.Models;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>Under what conditions a server is tried, where they are not the usual ones.</summary>
internal sealed record Conditions
{
    /// <summary>The time limits of the model's connection.</summary>
    public TimeLimits Limits { get; init; } = new(FirstTokenSeconds: 120, BetweenTokensSeconds: 120, WholeTurnSeconds: 600);

    /// <summary>The disk that the database is on: SQLite's with the whole data folder, PostgreSQL's as a tablespace. Null: a large one.</summary>
    public SmallDisk? DatabaseDisk { get; init; }

    /// <summary>A cluster of its own; null: the one that the tests share.</summary>
    public PostgresServer? Postgres { get; init; }

    /// <summary>Environment variables of the server.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>A file that the server's standard output goes to; null: it is read by the test.</summary>
    public string? LogFile { get; init; }
}
