using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Search;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.Search;

/// <summary>Chats in a database, and the search over them.</summary>
internal sealed class SearchableChats : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private SearchableChats(TestDatabase database)
    {
        _database = database;
        _services = new ServiceCollection().AddCalangoData(database.Options).AddCalangoSearch().BuildServiceProvider();
    }

    public Database Database => _services.GetRequiredService<Database>();

    /// <summary>The person who searches where a test names nobody.</summary>
    public Guid Ana { get; } = Guid.CreateVersion7();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public static async Task<SearchableChats> CreateAsync(DatabaseKind kind)
    {
        var chats = new SearchableChats(await TestDatabase.CreateAsync(kind));
        await chats._services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        return chats;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Makes a chat of Ana's, or of somebody else's, with one message a text; each is a minute newer than the last.</summary>
    public Task<Guid> AddAsync(string? title, params string[] texts) => AddAsync(Ana, title, texts);

    public Task<Guid> AddAsync(Guid accountId, string? title, params string[] texts) => Database.WriteAsync(
        async db =>
        {
            var index = _services.GetRequiredService<MessageIndex>();
            var chat = new Conversation { Id = Guid.CreateVersion7(), AccountId = accountId, Title = title, CreatedAt = _now, ActiveAt = _now };
            db.Add(chat);
            await db.SaveChangesAsync(CancellationToken);
            if (title is not null)
            {
                await index.ReplaceTitleAsync(db, chat.Id, accountId, title, CancellationToken);
            }

            foreach (var text in texts)
            {
                _now += TimeSpan.FromMinutes(1);
                var message = new Message { Id = Guid.CreateVersion7(), ConversationId = chat.Id, Sequence = ++chat.LastSequence, Text = text, CreatedAt = _now };
                db.Add(message);
                await db.SaveChangesAsync(CancellationToken);
                await index.AddAsync(db, new IndexedText(message.Id, chat.Id, accountId, text), CancellationToken);
            }

            return chat.Id;
        }, CancellationToken);

    public Task RenameAsync(Guid chatId, string title) => Database.WriteAsync(
        async db =>
        {
            await db.Set<Conversation>().Where(chat => chat.Id == chatId).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.Title, title), CancellationToken);
            await _services.GetRequiredService<MessageIndex>().ReplaceTitleAsync(db, chatId, Ana, title, CancellationToken);
        }, CancellationToken);

    /// <summary>The message with this text.</summary>
    public Task<Guid> MessageAsync(string text) => Database.ReadAsync(
        db => db.Set<Message>().Where(message => message.Text == text).Select(message => message.Id).SingleAsync(CancellationToken), CancellationToken);

    public Task<SearchPage> FindAsync(string query, string? cursor = null, int take = 20, Guid? accountId = null, SearchFilter? filter = null) =>
        _services.GetRequiredService<MessageSearch>().FindAsync(accountId ?? Ana, query, filter ?? SearchFilter.None, cursor, take, CancellationToken);

    /// <summary>The snippets of what is found, without the marks.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string query, int take = 20) =>
        [.. (await FindAsync(query, take: take)).Hits.Select(hit => hit.Snippet.Replace("\u0001", "", StringComparison.Ordinal).Replace("\u0002", "", StringComparison.Ordinal))];
}
