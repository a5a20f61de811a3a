using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Search;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Jobs;

/// <summary>The kernel with a clock of its own, chats that have all that a chat can have, and its jobs.</summary>
internal sealed class JobKernel : IAsyncDisposable
{
    private readonly PluginsFolder _plugins;
    private readonly TestKernel _kernel;

    private JobKernel(PluginsFolder plugins, TestKernel kernel, ManualTime time) => (_plugins, _kernel, Time) = (plugins, kernel, time);

    public static Guid Ana => Account.LocalId;

    public ManualTime Time { get; }

    public TestLog Log => _kernel.Log;

    public string Folder => _kernel.Folder;

    public Conversations Conversations => Get<Conversations>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="kind">The database.</param>
    /// <param name="prepare">Puts plugins into their folder, which is empty.</param>
    /// <param name="secret">A server's of many people; null: it is a laptop's.</param>
    public static async Task<JobKernel> StartAsync(DatabaseKind kind, Action<PluginsFolder>? prepare = null, ServerSecret? secret = null)
    {
        var plugins = new PluginsFolder();
        prepare?.Invoke(plugins);
        var time = new ManualTime();
        // Where pictures are.
        plugins.CopyBuilt("disk-storage", "1.0.0");
        return new JobKernel(plugins, await TestKernel.StartAsync(kind, plugins.Path, clock: time, secret: secret), time);
    }

    public T Get<T>() where T : notnull => _kernel.Get<T>();

    /// <summary>Runs one as if its time had come.</summary>
    public Task RunAsync(string job) => Get<CleanUpRunner>().RunAsync(Get<IEnumerable<CleanUp>>().Single(cleanUp => cleanUp.Name == job), "here", Cancelled);

    /// <summary>Looks until it holds, and the clock goes on meanwhile: the schedule waits for it in more places than one.</summary>
    public Task UntilAsync(string what, Func<Task<bool>> condition) => Eventually.HoldsAsync(
        what,
        () =>
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            return condition();
        },
        Cancelled);

    /// <summary>Waits for what waits for the clock itself, which goes on at its usual pace meanwhile.</summary>
    public async Task WaitAsync(Task task)
    {
        await Eventually.HoldsAsync(
            "it has come to its end",
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(20));
                return Task.FromResult(task.IsCompleted);
            },
            Cancelled);
        await task;
    }

    /// <summary>Starts the schedule.</summary>
    public async Task<RunningSchedule> StartAsync(Schedule schedule)
    {
        var start = schedule.StartAsync(Cancelled);
        await WaitAsync(start);
        return await start;
    }

    /// <summary>A chat with a title, some answers with their questions, and of each answer how it went, what was sent, and what the search knows.</summary>
    public Task<Guid> AddChatAsync(string title, int answers = 2, TurnState state = TurnState.Complete, Guid? owner = null) => Get<Database>().WriteAsync(async db =>
    {
        var (now, whose) = (Time.GetUtcNow(), owner ?? Ana);
        var chat = new Conversation { Id = Guid.CreateVersion7(now), AccountId = whose, Title = title, CreatedAt = now, ActiveAt = now };
        db.Add(chat);
        await db.SaveChangesAsync(Cancelled);
        await Get<MessageIndex>().ReplaceTitleAsync(db, chat.Id, whose, title, Cancelled);
        for (var number = 1; number <= answers; number++)
        {
            var question = await AddMessageAsync(db, chat, MessageRole.User, $"Question {number} of {title}");
            var answer = await AddMessageAsync(db, chat, MessageRole.Assistant, $"Answer {number} of {title}");
            var turn = new Turn(answer.Id, chat.Id, question.Id, Guid.CreateVersion7(), null) { AccountId = whose, ModelName = "Fake", CreatedAt = now };
            turn.Start(now, 0, null);
            if (state != TurnState.Running)
            {
                turn.End(new TurnEnd(state) { InputTokens = 7, OutputTokens = 5 }, now);
            }

            db.Add(turn);
            await db.SaveChangesAsync(Cancelled);
            await new TurnTrace { Id = turn.Id, Prompt = "[]" }.SaveAsync(db, Cancelled);
        }

        return chat.Id;
    }, Cancelled);

    public Task AddKeptAnswerAsync(string hash) => Get<Database>().WriteAsync(async db =>
    {
        db.Add(new KeptAnswer { AccountId = Ana, RequestHash = hash, Text = hash, CreatedAt = Time.GetUtcNow() });
        await db.SaveChangesAsync(Cancelled);
    }, Cancelled);

    public Task<List<T>> AllAsync<T>() where T : class => Get<Database>().ReadAsync(db => db.Set<T>().ToListAsync(Cancelled), Cancelled);

    /// <summary>How many messages, turns, traces and search entries belong to a chat, and the chat itself.</summary>
    public Task<ChatRows> RowsOfAsync(Guid chatId) => Get<Database>().ReadAsync(async db => new ChatRows(
        await db.Set<Conversation>().CountAsync(chat => chat.Id == chatId, Cancelled),
        await db.Set<Message>().CountAsync(message => message.ConversationId == chatId, Cancelled),
        await db.Set<Turn>().CountAsync(turn => turn.ConversationId == chatId, Cancelled),
        await db.Set<TurnTrace>().CountAsync(trace => db.Set<Turn>().Any(turn => turn.Id == trace.Id && turn.ConversationId == chatId), Cancelled),
        await db.Set<SearchEntry>().CountAsync(entry => entry.ConversationId == chatId, Cancelled)), Cancelled);

    /// <summary>How many lines of the full-text index there are in all, whatever they belong to.</summary>
    public Task<int> IndexedAsync() => Get<Database>().ReadAsync(
        db => db.Database.SqlQueryRaw<int>(db.IsSqlite ? "SELECT count(*) AS \"Value\" FROM search_words" : "SELECT count(*)::int AS \"Value\" FROM search_entries").SingleAsync(Cancelled), Cancelled);

    /// <summary>In how many places the words are found.</summary>
    public async Task<int> FoundAsync(string words) => (await Get<MessageSearch>().FindAsync(Ana, words, SearchFilter.None, null, 100, Cancelled)).Hits.Count;

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _plugins.Dispose();
    }

    private async Task<Message> AddMessageAsync(CalangoDb db, Conversation chat, MessageRole role, string text)
    {
        var now = Time.GetUtcNow();
        var message = new Message
        {
            Id = Guid.CreateVersion7(now), ConversationId = chat.Id, ParentId = chat.HeadId, Sequence = ++chat.LastSequence, Depth = (int)chat.LastSequence,
            Role = role, Text = text, CreatedAt = now,
        };
        db.Add(message);
        chat.HeadId = message.Id;
        await db.SaveChangesAsync(Cancelled);
        await Get<MessageIndex>().AddAsync(db, new IndexedText(message.Id, chat.Id, chat.AccountId, text), Cancelled);
        return message;
    }
}

/// <summary>How much there is of a chat.</summary>
internal sealed record ChatRows(int Chats, int Messages, int Turns, int Traces, int Indexed)
{
    public static ChatRows None { get; } = new(0, 0, 0, 0, 0);
}
