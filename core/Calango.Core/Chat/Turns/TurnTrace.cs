using System.Text.Json.Serialization;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>What was really sent for an answer, and how the calls went. Kept beside the turn because it is large and seldom read.</summary>
public sealed class TurnTrace
{
    /// <summary>The turn's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The prompt: a JSON array of <see cref="TracedMessage"/>.</summary>
    public string Prompt { get; set; } = "[]";

    /// <summary>The parameters: a JSON object.</summary>
    public string Parameters { get; set; } = "{}";

    /// <summary>Each call: a JSON array of <see cref="TracedAttempt"/>.</summary>
    public string Attempts { get; set; } = "[]";

    /// <summary>Stores it, whether or not a checkpoint did before.</summary>
    internal Task SaveAsync(CalangoDb db, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO turn_traces ("Id", "Prompt", "Parameters", "Attempts") VALUES ({Id}, {Prompt}, {Parameters}, {Attempts})
        ON CONFLICT ("Id") DO UPDATE SET "Prompt" = excluded."Prompt", "Parameters" = excluded."Parameters", "Attempts" = excluded."Attempts"
        """, cancellationToken);

    internal sealed class Mapping : IEntityTypeConfiguration<TurnTrace>
    {
        public void Configure(EntityTypeBuilder<TurnTrace> builder)
        {
            builder.ToTable("turn_traces");
            builder.HasOne<Turn>().WithOne().HasForeignKey<TurnTrace>(trace => trace.Id).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>The parameters of a request as they were sent; null: not sent, so the service's own.</summary>
/// <param name="Model">The model, as its service names it.</param>
/// <param name="Temperature">Sampling temperature.</param>
/// <param name="MaxOutputTokens">The longest answer.</param>
public sealed record TracedParameters(string? Model, float? Temperature, int? MaxOutputTokens)
{
    /// <summary>The tools that the model might call; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TracedTool>? Tools { get; init; }
}

/// <summary>One call of a model service.</summary>
/// <param name="StartedAt">When.</param>
/// <param name="FirstTokenMilliseconds">Until the first token; null: none came.</param>
/// <param name="Milliseconds">Until the call ended.</param>
/// <param name="Outcome"><c>ok</c>, or the failure's code.</param>
/// <param name="StatusCode">The HTTP status of a failure, where there was one.</param>
/// <param name="WaitedMilliseconds">How long we waited before it.</param>
public sealed record TracedAttempt(
    DateTimeOffset StartedAt, double? FirstTokenMilliseconds, double Milliseconds, string Outcome, int? StatusCode, double WaitedMilliseconds)
{
    /// <summary>The model called, by its name for people.</summary>
    public string Model { get; init; } = "";

    /// <summary>The connection over which it was called.</summary>
    public string Connection { get; init; } = "";
}
