using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Bench;

/// <summary>Fills a data folder with chats, as a long use would, before a server starts on it.</summary>
internal static class Seeding
{
    // About how often the words of a language occur: the n-th most frequent one n times less than the first (Zipf's law).
    private static readonly double[] Weights = [.. Enumerable.Range(1, 20_000).Select(rank => 1.0 / rank)];
    private static readonly double[] Cumulated = Cumulate();

    /// <summary>Writes <paramref name="chats"/> chats of so many messages each into a data folder, or into PostgreSQL; returns their ids.</summary>
    public static async Task<IReadOnlyList<Guid>> WriteAsync(string folder, int chats, int messages, string? postgres = null)
    {
        var options = new DatabaseOptions { SqlitePath = Path.Combine(folder, "calango.db"), Postgres = postgres };
        await using var services = new ServiceCollection().AddLogging().AddCalangoData(options).BuildServiceProvider();
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken.None);
        var database = services.GetRequiredService<Database>();
        var index = new MessageIndex(options);
        var random = new Random(1);
        var ids = new List<Guid>();
        for (var i = 0; i < chats; i++)
        {
            ids.Add(await database.WriteAsync(db => WriteChatAsync(db, index, messages, random), CancellationToken.None));
        }

        if (postgres is not null)
        {
            // The autovacuum would, after a minute.
            await database.ReadAsync(db => db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE"), CancellationToken.None);
        }

        return ids;
    }

    /// <summary>So many words, as frequent as they are in a language.</summary>
    public static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word(random)));

    private static async Task<Guid> WriteChatAsync(CalangoDb db, MessageIndex index, int messages, Random random)
    {
        var now = TimeProvider.System.GetUtcNow();
        var conversation = new Conversation
        {
            Id = Guid.CreateVersion7(), AccountId = Account.LocalId, Title = Words(random, 5), TitleSource = TitleSource.Model, LastSequence = messages, CreatedAt = now, ActiveAt = now,
        };
        db.Add(conversation);
        var texts = new List<IndexedText>();
        for (var sequence = 1; sequence <= messages; sequence++)
        {
            var message = new Message
            {
                Id = Guid.CreateVersion7(), ConversationId = conversation.Id, ParentId = conversation.HeadId, Sequence = sequence, Depth = sequence,
                Role = sequence % 2 == 1 ? MessageRole.User : MessageRole.Assistant, Text = Words(random, random.Next(20, 120)), Tokens = 100, CreatedAt = now,
            };
            db.Add(message);
            conversation.HeadId = message.Id;
            texts.Add(new IndexedText(message.Id, conversation.Id, Account.LocalId, message.Text));
        }

        await db.SaveChangesAsync();
        foreach (var text in texts)
        {
            await index.AddAsync(db, text, CancellationToken.None);
        }

        return conversation.Id;
    }

    private static string Word(Random random)
    {
        var rank = Array.BinarySearch(Cumulated, random.NextDouble() * Cumulated[^1]);
        return Spell(rank < 0 ? ~rank : rank);
    }

    // Syllables, so that words begin as differently as those of a language: the search looks for beginnings of words too.
    private static string Spell(int rank)
    {
        const string Consonants = "bcdfghjklmnprstv";
        const string Vowels = "aeiou";
        var word = "";
        for (var rest = rank + Consonants.Length; rest > 0; rest /= Consonants.Length * Vowels.Length)
        {
            word += $"{Consonants[rest % Consonants.Length]}{Vowels[rest / Consonants.Length % Vowels.Length]}";
        }

        return word;
    }

    private static double[] Cumulate()
    {
        double sum = 0;
        return [.. Weights.Select(weight => sum += weight)];
    }
}
