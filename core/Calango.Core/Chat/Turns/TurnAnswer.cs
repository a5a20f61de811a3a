using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>What a turn has answered so far, on its way into the turn's message.</summary>
internal sealed record TurnAnswer(Guid TurnId, string Text, string? Reasoning)
{
    // The longest answers there can be still fit together into one parameter.
    private const int MaxTogether = 64;

    // Only a database reads it.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Stores the text so far; many of them for hardly more than one. False if the turn is gone or has ended already: what
    /// was stored at the end must not be replaced by something older.
    /// </summary>
    public async Task<bool> StoreAsync(CalangoDb db, CancellationToken cancellationToken) => await StoreAsync(db, [this], cancellationToken) > 0;

    /// <summary>Stores those whose turns still run, and says how many they were.</summary>
    public static async Task<int> StoreAsync(CalangoDb db, IEnumerable<TurnAnswer> answers, CancellationToken cancellationToken)
    {
        var stored = 0;
        foreach (var together in answers.Chunk(MaxTogether))
        {
            var rows = JsonSerializer.Serialize(together.Select(answer => answer.ToRow()), Plain);
            stored += await db.Database.ExecuteSqlAsync(db.IsSqlite ? OnSqlite(rows) : OnPostgres(rows), cancellationToken);
        }

        return stored;
    }

    // SQLite has ids as text, in capitals.
    private Row ToRow() => new(TurnId.ToString().ToUpperInvariant(), Text, Reasoning, TokenEstimate.Of(Text));

    // One writer: nobody ends a turn meanwhile.
    private static FormattableString OnSqlite(string rows) =>
        $"""
        WITH written AS MATERIALIZED (
            SELECT json_extract(value, '$.Id') AS "Id", json_extract(value, '$.Text') AS "Text",
                json_extract(value, '$.Reasoning') AS "Reasoning", json_extract(value, '$.Tokens') AS "Tokens"
            FROM json_each({rows}))
        UPDATE messages SET "Text" = written."Text", "Reasoning" = written."Reasoning", "Tokens" = written."Tokens" FROM written
        WHERE messages."Id" = written."Id"
            AND EXISTS (SELECT 1 FROM turns WHERE turns."Id" = written."Id" AND turns."State" < {(int)TurnState.Complete})
        """;

    // The turns' rows are held: without that, a checkpoint that waited for the end of a turn would go by what it had seen before.
    private static FormattableString OnPostgres(string rows) =>
        $"""
        WITH written AS MATERIALIZED (
            SELECT * FROM json_to_recordset({rows}::json) AS row("Id" uuid, "Text" text, "Reasoning" text, "Tokens" int)),
        running AS (
            SELECT turns."Id" FROM turns JOIN written ON written."Id" = turns."Id" WHERE turns."State" < {(int)TurnState.Complete}
            ORDER BY turns."Id" FOR UPDATE OF turns)
        UPDATE messages SET "Text" = written."Text", "Reasoning" = written."Reasoning", "Tokens" = written."Tokens"
        FROM written JOIN running ON running."Id" = written."Id" WHERE messages."Id" = written."Id"
        """;

    private sealed record Row(string Id, string Text, string? Reasoning, int Tokens);
}
