using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Search;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Search;

public sealed class MessageSearchTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_word_is_found_in_a_message_and_in_a_title(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        var chat = await chats.AddAsync("Bread at home", "How long should sourdough rise?", "About four hours.");

        var message = Assert.Single((await chats.FindAsync("sourdough")).Hits);
        var title = Assert.Single((await chats.FindAsync("bread")).Hits);

        Assert.Equal((chat, "Bread at home", "How long should \u0001sourdough\u0002 rise?"), (message.ConversationId, message.Title, message.Snippet));
        Assert.NotNull(message.MessageId);
        Assert.Equal((chat, null, "\u0001Bread\u0002 at home"), (title.ConversationId, title.MessageId, title.Snippet));
    }

    [EachDatabase]
    public async Task A_whole_sentence_finds_its_answer_first(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "In Brazil the Federal Police issue it: renew a passport on their site, pay the fee, then book a visit.");
        for (var i = 0; i < 60; i++)
        {
            await chats.AddAsync(null, $"How do I write the loop number {i} in my program? I do it in the way that I know.");
        }

        var found = await chats.TextsAsync("how do I renew my passport in Brazil?");

        Assert.StartsWith("In Brazil the Federal Police", found[0], StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Only_what_a_filter_lets_through_is_found(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        var (plain, other) = (await chats.AddAsync("Gecko", "A gecko climbs.", "The gecko sleeps."), await chats.AddAsync(null, "Another gecko."));
        var (folder, tag) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await chats.Database.WriteAsync(
            async db =>
            {
                db.Add(new Account { Id = chats.Ana, Name = "Ana", CreatedAt = DateTimeOffset.UnixEpoch });
                await db.SaveChangesAsync(CancellationToken);
                db.Add(new Folder { Id = folder, AccountId = chats.Ana, Name = "Reptiles" });
                db.Add(new Tag { Id = tag, AccountId = chats.Ana, Name = "Pets", NormalizedName = "PETS" });
                db.Add(new ChatTag { ConversationId = other, TagId = tag });
                await db.SaveChangesAsync(CancellationToken);
                await db.Set<Conversation>().Where(chat => chat.Id == plain).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.FolderId, folder).SetProperty(chat => chat.HasDocuments, true), CancellationToken);
                await db.Set<Conversation>().Where(chat => chat.Id == other).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.ArchivedAt, DateTimeOffset.UnixEpoch), CancellationToken);
            }, CancellationToken);
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(4, await CountAsync(SearchFilter.None));
        Assert.Equal(["A gecko climbs."], await TextsAsync(new SearchFilter(From: noon.AddMinutes(1), Until: noon.AddMinutes(2))));
        Assert.Equal(["Another gecko."], await TextsAsync(new SearchFilter(From: noon.AddMinutes(3))));
        Assert.Equal(3, await CountAsync(new SearchFilter(FolderId: folder)));
        Assert.Equal(["Another gecko."], await TextsAsync(new SearchFilter(TagId: tag)));
        Assert.Equal(3, await CountAsync(new SearchFilter(HasFile: true)));
        Assert.Equal(["Another gecko."], await TextsAsync(new SearchFilter(IsArchived: true)));
        Assert.Equal(3, await CountAsync(new SearchFilter(IsArchived: false)));
        Assert.Equal(0, await CountAsync(new SearchFilter(FolderId: folder, TagId: tag)));
        Assert.Equal(0, await CountAsync(new SearchFilter(ModelId: "a'; DROP TABLE messages; --{0}")));

        async Task<int> CountAsync(SearchFilter filter) => (await chats.FindAsync("gecko", filter: filter)).Hits.Count;

        async Task<List<string>> TextsAsync(SearchFilter filter) => [.. (await chats.FindAsync("gecko", filter: filter)).Hits.Select(hit => hit.Snippet.Replace("\u0001", "", StringComparison.Ordinal).Replace("\u0002", "", StringComparison.Ordinal))];
    }

    [EachDatabase]
    public async Task Diacritics_and_case_make_no_difference(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "A Constituição garante a LIBERDADE de expressão.", "Zu\u0308rich is nice", "pass\u00ADport");

        Assert.Equal("A \u0001Constituição\u0002 garante a LIBERDADE de expressão.", Assert.Single((await chats.FindAsync("constituicao")).Hits).Snippet);
        Assert.Single((await chats.FindAsync("liberdáde")).Hits);
        Assert.Single((await chats.FindAsync("zurich")).Hits);
        Assert.Single((await chats.FindAsync("passport")).Hits);
    }

    [EachDatabase]
    public async Task The_last_word_may_still_be_being_typed(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "photosynthesis in leaves");

        Assert.Single((await chats.FindAsync("photosy")).Hits);
        Assert.Empty((await chats.FindAsync("photosy xyz")).Hits);
        Assert.Empty((await chats.FindAsync("ph")).Hits);
    }

    [EachDatabase]
    public async Task A_whole_word_goes_before_one_that_only_starts_so(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "the cat sat there", "a category of things", "catalogues of books", "nothing to see here", "nor here at all");

        Assert.Equal("the cat sat there", (await chats.TextsAsync("cat"))[0]);
    }

    [EachDatabase]
    public async Task Rare_words_count_more_and_newer_messages_win_among_equals(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "common gizmo one", "common thing two", "common thing three", "common thing four");

        Assert.Equal(["common gizmo one", "common thing four", "common thing three", "common thing two"], await chats.TextsAsync("common gizmo"));
    }

    [EachDatabase]
    public async Task Chats_of_other_people_and_deleted_ones_are_never_found(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        var bob = Guid.CreateVersion7();
        await chats.AddAsync(bob, "Bob's volcano", "A volcano of Bob's");
        var deleted = await chats.AddAsync("Deleted volcano", "A deleted volcano");
        var kept = await chats.AddAsync(null, "My volcano");
        await chats.Database.WriteAsync(
            db => db.Set<Conversation>().Where(chat => chat.Id == deleted)
                .ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, chat => chat.CreatedAt), CancellationToken), CancellationToken);

        Assert.Equal(kept, Assert.Single((await chats.FindAsync("volcano")).Hits).ConversationId);
        Assert.Equal(2, (await chats.FindAsync("volcano", accountId: bob)).Hits.Count);
    }

    [EachDatabase]
    public async Task What_is_deleted_or_renamed_leaves_the_index(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        var first = await chats.AddAsync("Old volcano", "one volcano", "two volcano");
        await chats.AddAsync(null, "three volcano");
        await chats.RenameAsync(first, "New geyser");
        await chats.Database.WriteAsync(
            db => db.Set<Message>().Where(message => message.Text == "one volcano").ExecuteDeleteAsync(CancellationToken), CancellationToken);

        Assert.Equal(["three volcano", "two volcano"], (await chats.TextsAsync("volcano")).Order(StringComparer.Ordinal));
        Assert.Single((await chats.FindAsync("geyser")).Hits);

        await chats.Database.WriteAsync(db => db.Set<Conversation>().Where(chat => chat.Id == first).ExecuteDeleteAsync(CancellationToken), CancellationToken);
        Assert.Equal(["three volcano"], await chats.TextsAsync("volcano"));
        Assert.Equal(1, await chats.Database.ReadAsync(db => db.Set<SearchEntry>().CountAsync(CancellationToken), CancellationToken));
    }

    [EachDatabase]
    public async Task Pages_follow_each_other_without_gap_or_repetition_while_people_write(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, [.. Enumerable.Range(0, 45).Select(i => $"volcano number{i} {string.Concat(Enumerable.Repeat("and more ", i % 7))}")]);
        var expected = (await chats.FindAsync("volcano number7", take: 100)).Hits.Select(hit => hit.MessageId).ToList();

        var seen = new List<Guid?>();
        string? cursor = null;
        do
        {
            var page = await chats.FindAsync("volcano number7", cursor, take: 10);
            seen.AddRange(page.Hits.Select(hit => hit.MessageId));
            cursor = page.Next;
            // One that ranks first and one that ranks last.
            await chats.AddAsync("A new volcano", "a newer volcano number7", $"volcano {string.Join(' ', Enumerable.Range(0, 60).Select(i => $"filler{i}"))}");
        }
        while (cursor is not null);

        Assert.Equal(45, expected.Count);
        Assert.Equal(expected, seen);
    }

    [EachDatabase]
    public async Task A_page_goes_on_after_a_hit_that_was_deleted_meanwhile(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, [.. Enumerable.Range(0, 10).Select(i => $"volcano {(char)('a' + i)}")]);
        var first = await chats.FindAsync("volcano", take: 4);
        var last = first.Hits[^1].MessageId;
        await chats.Database.WriteAsync(db => db.Set<Message>().Where(message => message.Id == last).ExecuteDeleteAsync(CancellationToken), CancellationToken);

        var second = await chats.FindAsync("volcano", first.Next);

        Assert.Equal(6, second.Hits.Count);
        Assert.Empty(second.Hits.Select(hit => hit.MessageId).Intersect(first.Hits.Select(hit => hit.MessageId)));
    }

    [EachDatabase]
    public async Task A_query_without_a_letter_or_digit_finds_nothing(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "Something ?!* to find 😀");

        foreach (var query in new[] { "", "  ", "?!", "***", "\"", "😀", "\0", "\uD800", ":-()", "'" })
        {
            Assert.Empty((await chats.FindAsync(query)).Hits);
        }
    }

    [EachDatabase]
    public async Task Nothing_in_a_query_is_an_operator(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "alpha beta", "gamma delta", "words near not or and");

        foreach (var query in new[]
        {
            "\"alpha\" -beta", "alpha*", "NEAR(alpha zzz, 1)", "words:alpha", "alpha AND zzz", "NOT alpha", "{words}: alpha", "^alpha", "alpha\0zzz",
            "'alpha' & !beta", "alpha:* | (", "alpha\\", "alpha <-> zzz", "alpha'; DROP TABLE search_entries; --", "\uD800alpha\uDC00", "@alpha",
        })
        {
            Assert.Contains("alpha beta", await chats.TextsAsync(query));
        }
    }

    [EachDatabase]
    public async Task A_cursor_that_is_none_starts_from_the_first_page(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, "volcano");

        foreach (var cursor in new[] { "", "x", "1", "1.2", "1.2.z", "-1.5.0", "1..2", "99999999999999999999.1.1" })
        {
            Assert.Single((await chats.FindAsync("volcano", cursor)).Hits);
        }
    }

    [EachDatabase]
    public async Task Texts_of_any_kind_and_length_can_be_indexed(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(
            null,
            "needle " + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => (char)('가' + (i * 7919 % 11_000)))),
            "needle " + string.Join(' ', Enumerable.Range(0, 150_000)),
            "needle " + new string('x', 900_000),
            "needle " + string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"{(char)('가' + (i % 11_000))}{(char)('가' + (i / 7))}힣")),
            "needle 東京に行きました");

        var hits = (await chats.FindAsync("needle")).Hits;
        Assert.Equal(5, hits.Count);
        Assert.All(hits, hit => Assert.InRange(hit.Snippet.Length, 6, 200));
        Assert.Single((await chats.FindAsync("京")).Hits);
        Assert.NotEmpty((await chats.FindAsync(new string('x', 900_000))).Hits);
    }

    [EachDatabase]
    public async Task Questions_of_a_test_collection_find_their_answers(DatabaseKind kind)
    {
        var folder = Path.Combine(TestFolders.Data, "ir", "pira-pt");
        Assert.SkipUnless(Directory.Exists(folder), $"The test data is not here: {folder}");
        await using var chats = await SearchableChats.CreateAsync(kind);
        var texts = ReadLines(Path.Combine(folder, "corpus.jsonl")).ToDictionary(line => line.Id, line => line.Text, StringComparer.Ordinal);
        await chats.AddAsync(null, [.. texts.Values]);
        var ids = await chats.Database.ReadAsync(db => db.Set<Message>().ToDictionaryAsync(message => message.Text, message => message.Id, CancellationToken), CancellationToken);
        var questions = ReadLines(Path.Combine(folder, "queries.jsonl")).ToDictionary(line => line.Id, line => line.Text, StringComparer.Ordinal);
        var answers = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t')).Where((_, i) => i % 4 == 0).ToList();

        var found = 0;
        foreach (var answer in answers)
        {
            var hits = (await chats.FindAsync(questions[answer[0]], take: 10)).Hits;
            found += hits.Any(hit => hit.MessageId == ids[texts[answer[1]]]) ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1} of {2} questions found their answer among the first ten", kind, found, answers.Count);
        Assert.True(found >= answers.Count * 0.85, $"{found} of {answers.Count}");
    }

    private static IEnumerable<(string Id, string Text)> ReadLines(string path) => File.ReadLines(path).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return (json.RootElement.GetProperty("_id").GetString()!, json.RootElement.GetProperty("text").GetString()!);
    });
}
