using System.Security.Cryptography;
using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// Answers kept for the chats that want it: whoever asks the same model the very same thing, with the same chat before it
/// and the same parameters, is given the same answer at once. Never across people. Thread-safe.
/// </summary>
public sealed partial class KeptAnswers(Database database, TimeProvider clock, ILogger<KeptAnswers> logger)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How many there are for a person.</summary>
    public Task<int> CountAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<KeptAnswer>().CountAsync(kept => kept.AccountId == accountId, cancellationToken), cancellationToken);

    /// <summary>Forgets all of a person's.</summary>
    public Task ClearAsync(Guid accountId, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<KeptAnswer>().Where(kept => kept.AccountId == accountId).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    /// <summary>The answer to a request; null: none is kept.</summary>
    internal Task<KeptAnswer?> FindAsync(Guid accountId, ModelRef model, Prompt prompt, CancellationToken cancellationToken)
    {
        var (hash, since) = (HashOf(model, prompt), clock.GetUtcNow() - KeptFor);
        return database.ReadAsync(
            db => db.Set<KeptAnswer>().SingleOrDefaultAsync(kept => kept.AccountId == accountId && kept.RequestHash == hash && kept.CreatedAt > since, cancellationToken),
            cancellationToken);
    }

    /// <summary>Keeps an answer in place of an older one. Never throws: without it, the model is asked again.</summary>
    internal async Task KeepAsync(TurnRun run)
    {
        var written = run.Log.Read(0);
        var kept = new KeptAnswer
        {
            AccountId = run.Turn.AccountId,
            RequestHash = HashOf(run.Turn.Model, run.Prompt!),
            Text = MessageText.Clean(written.Text),
            Reasoning = written.Reasoning.Length > 0 ? MessageText.Clean(written.Reasoning) : null,
            CreatedAt = clock.GetUtcNow(),
        };
        try
        {
            await database.WriteAsync(async db =>
            {
                await db.Set<KeptAnswer>().Where(old => old.AccountId == kept.AccountId && old.RequestHash == kept.RequestHash).ExecuteDeleteAsync();
                db.Add(kept);
                await db.SaveChangesAsync();
            }, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotKept(logger, run.Turn.Id, exception.GetType().Name);
        }
    }

    private static string HashOf(ModelRef model, Prompt prompt) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        Model = model.ToString(),
        prompt.Options.Temperature,
        prompt.Options.MaxOutputTokens,
        Messages = prompt.Messages.Select(message => new TracedMessage(message.Role.Value, message.Text) { Pictures = TracedPicture.Of(message) }),
    })));

    [LoggerMessage(LogLevel.Warning, "The answer of turn {TurnId} could not be kept: {ExceptionType}")]
    private static partial void LogNotKept(ILogger logger, Guid turnId, string exceptionType);
}
