using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Jobs;

/// <summary>Each job removes what it should and nothing else.</summary>
public sealed class CleanUpTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_chat_deleted_long_ago_goes_with_all_that_belongs_to_it_and_its_neighbours_stay(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var old = await kernel.AddChatAsync("Anaconda", answers: 40);
        var young = await kernel.AddChatAsync("Jararaca");
        var shown = await kernel.AddChatAsync("Sucuri");
        await kernel.Conversations.DeleteAsync(JobKernel.Ana, old, Cancelled);
        kernel.Time.Advance(2 * Day);
        await kernel.Conversations.DeleteAsync(JobKernel.Ana, young, Cancelled);
        kernel.Time.Advance(29 * Day);

        await kernel.RunAsync("deleted-chats");

        Assert.Equal(ChatRows.None, await kernel.RowsOfAsync(old));
        Assert.Equal(new ChatRows(1, 4, 2, 2, 5), await kernel.RowsOfAsync(young));
        Assert.Equal(new ChatRows(1, 4, 2, 2, 5), await kernel.RowsOfAsync(shown));
        Assert.Equal(10, await kernel.IndexedAsync());
        await kernel.Conversations.RestoreAsync(JobKernel.Ana, young, Cancelled);
        Assert.Equal((0, 5, 5), (await kernel.FoundAsync("anaconda"), await kernel.FoundAsync("jararaca"), await kernel.FoundAsync("sucuri")));
        var run = Assert.Single(await kernel.AllAsync<JobRun>());
        Assert.Equal(("deleted-chats", "here", JobOutcome.Complete, 81), (run.Job, run.Replica, run.Outcome, run.Removed));
    }

    [EachDatabase]
    public async Task A_chat_that_was_brought_back_stays(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var chat = await kernel.AddChatAsync("Anaconda");
        await kernel.Conversations.DeleteAsync(JobKernel.Ana, chat, Cancelled);
        kernel.Time.Advance(40 * Day);
        await kernel.Conversations.RestoreAsync(JobKernel.Ana, chat, Cancelled);

        await kernel.RunAsync("deleted-chats");

        Assert.Equal(new ChatRows(1, 4, 2, 2, 5), await kernel.RowsOfAsync(chat));
    }

    [EachDatabase]
    public async Task Nobody_gets_half_a_chat_back(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var chat = await kernel.AddChatAsync("Anaconda", answers: 40);
        await kernel.Conversations.DeleteAsync(JobKernel.Ana, chat, Cancelled);
        kernel.Time.Advance(31 * Day);

        var removed = await kernel.Get<DeletedChatCleanUp>().RemoveSomeAsync(Cancelled);

        Assert.InRange(removed, 1, 79);
        Assert.Equal(80 - removed, (await kernel.RowsOfAsync(chat)).Messages);
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Conversations.RestoreAsync(JobKernel.Ana, chat, Cancelled));
        await kernel.RunAsync("deleted-chats");
        Assert.Equal(ChatRows.None, await kernel.RowsOfAsync(chat));
    }

    [EachDatabase]
    public async Task What_was_sent_for_old_answers_goes_and_how_they_went_stays(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var old = await kernel.AddChatAsync("Anaconda", answers: 60);
        var running = await kernel.AddChatAsync("Jararaca", state: TurnState.Running);
        kernel.Time.Advance(2 * Day);
        var young = await kernel.AddChatAsync("Sucuri");
        kernel.Time.Advance(89 * Day);

        await kernel.RunAsync("traces");

        Assert.Equal(new ChatRows(1, 120, 60, 0, 121), await kernel.RowsOfAsync(old));
        Assert.Equal(2, (await kernel.RowsOfAsync(running)).Traces);
        Assert.Equal(2, (await kernel.RowsOfAsync(young)).Traces);
        Assert.All((await kernel.AllAsync<Turn>()).Where(turn => turn.ConversationId == old), turn => Assert.Equal((7, 5), (turn.InputTokens, turn.OutputTokens)));
        Assert.Equal(60, Assert.Single(await kernel.AllAsync<JobRun>()).Removed);
    }

    [EachDatabase]
    public async Task Kept_answers_go_when_nobody_is_given_them_any_more(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        foreach (var number in Enumerable.Range(0, 60))
        {
            await kernel.AddKeptAnswerAsync($"old {number}");
        }

        kernel.Time.Advance(2 * Day);
        await kernel.AddKeptAnswerAsync("young");
        kernel.Time.Advance(29 * Day);

        await kernel.RunAsync("kept-answers");

        Assert.Equal("young", Assert.Single(await kernel.AllAsync<KeptAnswer>()).RequestHash);
        Assert.Equal(60, Assert.Single(await kernel.AllAsync<JobRun>()).Removed);
    }

    [EachDatabase]
    public async Task Pictures_go_that_nobody_has_sent_for_a_week_and_the_bytes_of_those_that_no_chat_has(DatabaseKind kind)
    {
        var dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQSDAAAAFUALHOAZKKAAAAAElFTkSuQmCC");
        await using var kernel = await JobKernel.StartAsync(kind);
        var (kept, deleted) = (await kernel.AddChatAsync("Anaconda", answers: 1), await kernel.AddChatAsync("Jararaca"));
        var pictures = kernel.Get<ChatPictures>();
        var sent = await pictures.AddAsync(JobKernel.Ana, kept, "sent.png", new MemoryStream(dot), Cancelled);
        await pictures.AddAsync(JobKernel.Ana, kept, "forgotten.png", new MemoryStream(dot), Cancelled);
        await pictures.AddAsync(JobKernel.Ana, deleted, "of a deleted chat.png", new MemoryStream(dot), Cancelled);
        await kernel.Get<Database>().WriteAsync(
            async db =>
            {
                var question = await db.Set<Message>().SingleAsync(message => message.ConversationId == kept && message.Role == MessageRole.User, Cancelled);
                await db.Set<ChatPicture>().Where(picture => picture.Id == sent.Id).ExecuteUpdateAsync(set => set.SetProperty(picture => picture.MessageId, question.Id), Cancelled);
                await db.Set<Conversation>().Where(chat => chat.Id == deleted).ExecuteDeleteAsync(Cancelled);
            },
            Cancelled);
        kernel.Time.Advance(6 * Day);
        await pictures.AddAsync(JobKernel.Ana, kept, "waiting.png", new MemoryStream(dot), Cancelled);
        kernel.Time.Advance(2 * Day);

        await kernel.RunAsync("pictures");

        Assert.Equal(["sent.png", "waiting.png"], (await kernel.AllAsync<ChatPicture>()).Select(picture => picture.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await kernel.Get<Blobs>().ListAsync(Blobs.Pictures, Cancelled)).Count);
    }

    [Fact]
    public async Task Half_downloads_go_when_nobody_has_gone_on_with_them_for_a_week()
    {
        await using var kernel = await JobKernel.StartAsync(DatabaseKind.Sqlite, plugins => plugins.AddLocalModelsDouble());
        var (old, young, whole) = (HalfOf("slow"), HalfOf("quick"), Path.Combine(kernel.Folder, "models", "mine.gguf"));
        foreach (var (file, age) in new[] { (old, 8), (young, 6), (whole, 100) })
        {
            await File.WriteAllTextAsync(file, "", Cancelled);
            File.SetLastWriteTimeUtc(file, (kernel.Time.GetUtcNow() - (age * Day)).UtcDateTime);
        }

        await kernel.RunAsync("abandoned-downloads");

        Assert.Equal((false, true, true), (File.Exists(old), File.Exists(young), File.Exists(whole)));
        Assert.Equal(1, Assert.Single(await kernel.AllAsync<JobRun>()).Removed);

        string HalfOf(string model) => Path.Combine(kernel.Folder, "models", model + ".half");
    }
}
