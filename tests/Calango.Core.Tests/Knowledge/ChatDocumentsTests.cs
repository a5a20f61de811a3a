using System.Text;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Knowledge;

/// <summary>Documents that belong to one chat.</summary>
public sealed class ChatDocumentsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task They_go_with_their_chat_and_nothing_of_them_is_left(DatabaseKind kind)
    {
        await using var kernel = await KnowledgeKernel.StartAsync(kind);
        await kernel.AddAsync("kept.txt", "Papers that stand for themselves stay.");
        var chat = await BeginAsync(kernel);
        await AddAsync(kernel, chat, "rules.txt", "Dogs stay outside the library.");
        await kernel.TakeInAsync();
        Assert.Equal((2, 2, 2), (await kernel.CountAsync<Collection>(), await kernel.CountAsync<Document>(), await kernel.CountAsync<Passage>()));

        await kernel.Get<Conversations>().DeleteAsync(kernel.Ana, chat, Cancelled);
        Assert.Empty(await kernel.Get<ChatDocuments>().ListAsync(kernel.Ana, chat, Cancelled));
        await kernel.Database.WriteAsync(db => DeletedChatCleanUp.RemoveSomeAsync(db, chat, Cancelled), Cancelled);
        await kernel.TakeInAsync();

        Assert.Equal((1, 1, 1), (await kernel.CountAsync<Collection>(), await kernel.CountAsync<Document>(), await kernel.CountAsync<Passage>()));
        Assert.Single(await kernel.FindAsync("which papers stay"));
        Assert.Equal(0, await kernel.CountAsync<Conversation>());
    }

    [EachDatabase]
    public async Task Files_that_come_at_once_are_in_one_collection_and_somebody_else_has_no_way_to_it(DatabaseKind kind)
    {
        await using var kernel = await KnowledgeKernel.StartAsync(kind);
        var chat = await BeginAsync(kernel);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => AddAsync(kernel, chat, $"{number}.txt", $"Text number {number}.")));

        var documents = await kernel.Get<ChatDocuments>().ListAsync(kernel.Ana, chat, Cancelled);
        Assert.Equal(4, documents.Count);
        var collection = Assert.Single(documents.Select(document => document.CollectionId).Distinct());
        Assert.All(documents, document => Assert.Equal(IngestionPriority.Chat, document.Priority));
        Assert.DoesNotContain(await kernel.Collections.ListAsync(kernel.Ana, Cancelled), overview => overview.Collection.Id == collection);
        Assert.Empty(await kernel.Get<ChatDocuments>().ListAsync(kernel.Bia, chat, Cancelled));
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Get<ChatDocuments>().AddAsync(kernel.Bia, chat, "hers.txt", Bytes("x"), Cancelled));
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Get<ChatDocuments>().RemoveAsync(kernel.Bia, chat, documents[0].Id, Cancelled));
        var refused = await Assert.ThrowsAsync<RejectedException>(() => kernel.Collections.ShareAsync(kernel.Ana, collection, kernel.Bia, null, CollectionRight.Read, Cancelled));
        Assert.Equal("collection.readOnly", refused.Code);
    }

    private static async Task<Guid> BeginAsync(KnowledgeKernel kernel) =>
        (await kernel.Get<Conversations>().BeginAsync(kernel.Ana, new ConversationSettings(null, null, null, null), model: null, folderId: null, Cancelled)).Id;

    private static Task<Document> AddAsync(KnowledgeKernel kernel, Guid chat, string name, string text) =>
        kernel.Get<ChatDocuments>().AddAsync(kernel.Ana, chat, name, Bytes(text), Cancelled);

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
