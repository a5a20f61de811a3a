using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>What a person wants each model to know of them. Goes into the prompt of each of their chats that has not been told otherwise. Thread-safe.</summary>
public sealed class PersonalNotes(Database database, TimeProvider clock)
{
    /// <summary>The instructions and the facts, the oldest fact first.</summary>
    public Task<AboutPerson> FindAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var notes = await db.Set<PersonalNote>().Where(note => note.AccountId == accountId).OrderBy(note => note.IsFact).ThenBy(note => note.Id).ToListAsync(cancellationToken);
            return new AboutPerson(notes.FirstOrDefault(note => !note.IsFact)?.Text ?? "", notes.FindAll(note => note.IsFact));
        },
        cancellationToken);

    /// <summary>Writes the instructions anew; empty: there are none.</summary>
    /// <exception cref="RejectedException"><c>instructions.tooLong</c>.</exception>
    public Task InstructAsync(Guid accountId, string text, CancellationToken cancellationToken)
    {
        text = Accept(text, PersonalNote.MaxInstructionsLength, "instructions.tooLong");
        return database.WriteAsync(
            async db =>
            {
                var before = await db.Set<PersonalNote>().AsTracking().SingleOrDefaultAsync(note => note.AccountId == accountId && !note.IsFact, cancellationToken);
                switch (before, text)
                {
                    case (null, not ""):
                        db.Add(New(accountId, isFact: false, text));
                        break;
                    case ({ } gone, ""):
                        db.Remove(gone);
                        break;
                    case ({ } changed, _):
                        changed.Text = text;
                        break;
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Adds a fact. One that is there already is not added again.</summary>
    /// <exception cref="RejectedException"><c>fact.empty</c>, <c>fact.tooLong</c> or <c>fact.tooMany</c>.</exception>
    public Task<PersonalNote> AddFactAsync(Guid accountId, string text, CancellationToken cancellationToken)
    {
        text = AcceptFact(text);
        return database.WriteAsync(
            async db =>
            {
                var facts = await db.Set<PersonalNote>().Where(note => note.AccountId == accountId && note.IsFact).ToListAsync(cancellationToken);
                if (facts.Find(fact => fact.Text == text) is { } same)
                {
                    return same;
                }

                if (facts.Count >= PersonalNote.MostFacts)
                {
                    throw new RejectedException("fact.tooMany", ("max", $"{PersonalNote.MostFacts}"));
                }

                var fact = New(accountId, isFact: true, text);
                db.Add(fact);
                await db.SaveChangesAsync(cancellationToken);
                return fact;
            },
            cancellationToken);
    }

    /// <summary>Words a fact anew.</summary>
    /// <exception cref="NotFoundException">No such fact.</exception>
    /// <exception cref="RejectedException"><c>fact.empty</c> or <c>fact.tooLong</c>.</exception>
    public async Task ChangeFactAsync(Guid accountId, Guid id, string text, CancellationToken cancellationToken)
    {
        text = AcceptFact(text);
        Require(await database.WriteAsync(db => Fact(db, accountId, id).ExecuteUpdateAsync(set => set.SetProperty(note => note.Text, text), cancellationToken), cancellationToken));
    }

    /// <summary>Forgets a fact.</summary>
    /// <exception cref="NotFoundException">No such fact.</exception>
    public async Task RemoveFactAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        Require(await database.WriteAsync(db => Fact(db, accountId, id).ExecuteDeleteAsync(cancellationToken), cancellationToken));

    /// <summary>A fact to begin with, made of what somebody wrote.</summary>
    public static string FactFrom(string text) => MessageText.Beginning(OneLine(text), PersonalNote.MaxFactLength);

    private static IQueryable<PersonalNote> Fact(CalangoDb db, Guid accountId, Guid id) => db.Set<PersonalNote>().Where(note => note.Id == id && note.AccountId == accountId && note.IsFact);

    private PersonalNote New(Guid accountId, bool isFact, string text)
    {
        var now = clock.GetUtcNow();
        return new PersonalNote { Id = Guid.CreateVersion7(now), AccountId = accountId, IsFact = isFact, Text = text, CreatedAt = now };
    }

    // A fact is one line of a list.
    private static string AcceptFact(string text) => Accept(OneLine(text), PersonalNote.MaxFactLength, "fact.tooLong") is { Length: > 0 } fact
        ? fact
        : throw new RejectedException("fact.empty");

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Accept(string text, int max, string tooLong) => MessageText.Clean(text).Trim() is var clean && clean.Length <= max ? clean : throw new RejectedException(tooLong, ("max", $"{max}"));

    private static void Require(int rows)
    {
        if (rows == 0)
        {
            throw new NotFoundException();
        }
    }
}

/// <summary>What a person wants each model to know of them.</summary>
/// <param name="Instructions">How they want to be answered; empty: they have not said.</param>
/// <param name="Facts">The oldest first.</param>
public sealed record AboutPerson(string Instructions, IReadOnlyList<PersonalNote> Facts)
{
    private const string OfInstructions = "How the person who writes to you wants to be answered, in their words:";
    private const string OfFacts = "What the person who writes to you wants you to know of them:";

    /// <summary>As it stands in a prompt of at most so many tokens: the oldest facts are left out where not all fit. Null: there is nothing to say.</summary>
    internal string? ToPrompt(int mostTokens)
    {
        var left = mostTokens - TokenEstimate.Of(Instructions);
        var facts = Facts.Reverse().TakeWhile(fact => (left -= TokenEstimate.Of(fact.Text)) >= 0).Reverse().Select(fact => $"- {fact.Text}").ToList();
        string[] parts = [.. Instructions.Length > 0 ? [$"{OfInstructions}\n{Instructions}"] : Array.Empty<string>(), .. facts.Count > 0 ? [$"{OfFacts}\n{string.Join('\n', facts)}"] : Array.Empty<string>()];
        return parts.Length > 0 ? string.Join("\n\n", parts) : null;
    }
}
