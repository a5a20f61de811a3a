using System.IO.Compression;
using Calango.Core.Errors;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Knowledge;

public sealed class IntakeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_document_is_found_once_it_is_taken_in(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("lizards.md", "# Lizards\n\nThe calango runs over the hot stones of the sertão.\n\n# Birds\n\nThe toucan eats fruit.");

        Assert.Empty(await knowledge.FindAsync("Where does the calango run?"));
        await knowledge.TakeInAsync();

        Assert.Equal(["The calango runs over the hot stones of the sertão."], await knowledge.FindAsync("Where do calangos run?"));
        var document = await knowledge.ReadAsync("lizards.md");
        Assert.Equal((DocumentState.Ready, 2, TextLanguage.English), (document.State, document.Passages, document.Language));
    }

    [EachDatabase]
    public async Task What_nobody_says_anything_about_is_not_found(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("lizards.txt", "The calango runs over the hot stones of the sertão.");
        await knowledge.TakeInAsync();

        Assert.Empty(await knowledge.FindAsync("How high are the taxes on imported cars?"));
        Assert.Empty(await knowledge.FindAsync("What is it?"));
        Assert.Empty(await knowledge.FindAsync("“”…"));
    }

    [EachDatabase]
    public async Task Diacritics_and_forms_of_words_dont_matter(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("informe.txt", "As informações sobre a população do município foram publicadas pela prefeitura em março.");
        await knowledge.TakeInAsync();

        Assert.Single(await knowledge.FindAsync("onde esta publicada a informacao sobre as populacoes?"));
    }

    [EachDatabase]
    public async Task Another_content_takes_the_place_of_the_one_before(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        await knowledge.AddAsync("rules.txt", "The museum closes at six.");

        Assert.Single(await knowledge.FindAsync("When does the library open?"));
        await knowledge.TakeInAsync();

        Assert.Empty(await knowledge.FindAsync("library"));
        Assert.Single(await knowledge.FindAsync("When does the museum close?"));
        Assert.Equal(1, await knowledge.CountAsync<Passage>());
    }

    [EachDatabase]
    public async Task The_same_content_again_changes_nothing(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        var before = await knowledge.ReadAsync("rules.txt");
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");

        var after = await knowledge.ReadAsync("rules.txt");
        Assert.Equal((DocumentState.Ready, before.Edition, before.BlobKey), (after.State, after.Edition, after.BlobKey));
    }

    [EachDatabase]
    public async Task What_a_killed_server_had_begun_is_there_once(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        var document = await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await LeaveHalfAsync(knowledge, document.Id);
        await knowledge.TakeInAsync();

        Assert.Single(await knowledge.FindAsync("When does the library open?"));
        Assert.Equal(1, await knowledge.CountAsync<Passage>());
        Assert.Equal(1, await TermAsync(knowledge, "librari"));
    }

    [EachDatabase]
    public async Task A_document_that_is_removed_leaves_nothing(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        var document = await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        await knowledge.Documents.RemoveAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);

        Assert.Empty(await knowledge.FindAsync("When does the library open?"));
        await knowledge.TakeInAsync();

        Assert.Equal((0, 0), (await knowledge.CountAsync<Document>(), await knowledge.CountAsync<Passage>()));
        Assert.Equal(0, await TermAsync(knowledge, "librari"));
        var collection = (await knowledge.Collections.FindAsync(knowledge.Ana, knowledge.Papers.Id, CollectionRight.Read, Cancelled)).Collection;
        Assert.Equal((0, 0L), (collection.Passages, collection.Words));
    }

    [EachDatabase]
    public async Task A_collection_that_is_removed_goes_with_its_documents(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        await knowledge.Collections.RemoveAsync(knowledge.Ana, knowledge.Papers.Id, Cancelled);

        await Assert.ThrowsAsync<NotFoundException>(() => knowledge.Collections.FindAsync(knowledge.Ana, knowledge.Papers.Id, CollectionRight.Read, Cancelled));
        await knowledge.TakeInAsync();
        Assert.Equal((0, 0), (await knowledge.CountAsync<Collection>(), await knowledge.CountAsync<Passage>()));
    }

    [EachDatabase]
    public async Task What_cannot_be_read_says_so_on_its_row_and_the_others_go_on(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("a-broken.pdf", "%PDF-1.7 and then nothing");
        await knowledge.AddAsync("b-rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();

        var broken = await knowledge.ReadAsync("a-broken.pdf");
        Assert.Equal(DocumentState.Failed, broken.State);
        Assert.NotNull(broken.Failure);
        Assert.Single(await knowledge.FindAsync("When does the library open?"));
    }

    [EachDatabase]
    public async Task A_document_whose_new_content_cannot_be_read_is_found_as_it_was_however_often_it_is_tried(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        var document = await knowledge.AddAsync("rules.txt", "%PDF-1.7 and then nothing");
        await knowledge.TakeInAsync();
        await knowledge.Documents.ResumeAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);
        await knowledge.TakeInAsync();

        Assert.Equal(DocumentState.Failed, (await knowledge.ReadAsync("rules.txt")).State);
        Assert.Single(await knowledge.FindAsync("When does the library open?"));
    }

    [EachDatabase]
    public async Task A_new_content_that_was_paused_is_read_whole(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.TakeInAsync();
        var document = await knowledge.AddAsync("rules.txt", "The museum closes at six.");
        await LeaveHalfAsync(knowledge, document.Id);
        await knowledge.Documents.PauseAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);
        await knowledge.Documents.ResumeAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);
        await knowledge.TakeInAsync();

        Assert.Single(await knowledge.FindAsync("When does the museum close?"));
        Assert.Empty(await knowledge.FindAsync("library"));
        Assert.Equal(1, await knowledge.CountAsync<Passage>());
    }

    [EachDatabase]
    public async Task What_a_server_that_was_killed_could_not_remove_is_cleaned_up(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        var document = await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await LeaveHalfAsync(knowledge, document.Id);
        await knowledge.Database.WriteAsync(
            db => db.Set<Document>().ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DocumentState.Ready).SetProperty(row => row.NextEdition, (Guid?)null).SetProperty(row => row.ClaimedBy, (Guid?)null), Cancelled), Cancelled);

        var cleanUp = knowledge.Get<IEnumerable<CleanUp>>().Single(cleanUp => cleanUp.Name == "old-passages").Work;
        while (await cleanUp.RemoveSomeAsync(Cancelled) > 0)
        {
        }

        Assert.Equal(0, await knowledge.CountAsync<Passage>());
        Assert.Equal(0, await TermAsync(knowledge, "librari"));
    }

    [EachDatabase]
    public async Task Each_file_of_an_archive_is_a_document(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        using var zipped = new MemoryStream();
        await using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            await WriteAsync(zip, "town/library.txt", "The library opens at eight.");
            await WriteAsync(zip, "town/museum.txt", "The museum closes at six.");
        }

        zipped.Position = 0;
        await knowledge.Documents.AddAsync(knowledge.Ana, knowledge.Papers.Id, "town.zip", zipped, Cancelled);
        await knowledge.TakeInAsync();

        Assert.Equal(["town/library.txt", "town/museum.txt"], (await knowledge.Documents.ListAsync(knowledge.Ana, knowledge.Papers.Id, null, null, 100, Cancelled)).Select(document => document.Name));
        Assert.Equal(["The museum closes at six."], await knowledge.FindAsync("When does the museum close?"));
    }

    [EachDatabase]
    public async Task What_is_paused_waits_and_goes_on_when_somebody_says_so(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        var document = await knowledge.AddAsync("rules.txt", "The library opens at eight.");
        await knowledge.Documents.PauseAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);
        await knowledge.TakeInAsync();

        Assert.Equal(DocumentState.Paused, (await knowledge.ReadAsync("rules.txt")).State);
        await knowledge.Documents.ResumeAsync(knowledge.Ana, knowledge.Papers.Id, document.Id, Cancelled);
        await knowledge.TakeInAsync();

        Assert.Equal(DocumentState.Ready, (await knowledge.ReadAsync("rules.txt")).State);
    }

    [EachDatabase]
    public async Task A_collection_is_for_those_with_whom_it_is_shared(DatabaseKind kind)
    {
        await using var knowledge = await KnowledgeKernel.StartAsync(kind);
        var (ana, bia, papers) = (knowledge.Ana, knowledge.Bia, knowledge.Papers.Id);

        await Assert.ThrowsAsync<NotFoundException>(() => knowledge.Collections.FindAsync(bia, papers, CollectionRight.Read, Cancelled));
        await knowledge.Collections.ShareAsync(ana, papers, bia, null, CollectionRight.Read, Cancelled);

        Assert.Equal(papers, Assert.Single(await knowledge.Collections.ListAsync(bia, Cancelled)).Collection.Id);
        var refused = await Assert.ThrowsAsync<RejectedException>(() => knowledge.Documents.AddAsync(bia, papers, "mine.txt", new MemoryStream([65]), Cancelled));
        Assert.Equal("collection.readOnly", refused.Code);
        var member = Assert.Single(await knowledge.Collections.MembersAsync(ana, papers, Cancelled));
        Assert.Equal("Bia", member.Name);
        await knowledge.Collections.UnshareAsync(ana, papers, member.Member.Id, Cancelled);

        Assert.Empty(await knowledge.Collections.ReadableAsync(bia, [papers], Cancelled));
    }

    private static async Task WriteAsync(ZipArchive zip, string name, string text)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(Cancelled);
        await entry.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), Cancelled);
    }

    // As a process leaves it that ends after the first of its passages.
    private static async Task LeaveHalfAsync(KnowledgeKernel knowledge, Guid id)
    {
        var document = await knowledge.Database.ReadAsync(db => db.Set<Document>().SingleAsync(document => document.Id == id, Cancelled), Cancelled);
        var claim = new IntakeClaim(document) { Edition = Guid.CreateVersion7() };
        await knowledge.Database.WriteAsync(
            db => db.Set<Document>().Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DocumentState.Reading)
                    .SetProperty(row => row.ClaimedBy, claim.Id)
                    .SetProperty(row => row.ClaimedUntil, DateTimeOffset.UnixEpoch), Cancelled), Cancelled);
        await knowledge.Get<EditionWriter>().AddAsync(
            claim, [new PassageDraft("", null, null, UnitKind.Paragraph, "The library opens at eight.", ["The library opens at eight."], 6)], isPlaced: true, Cancelled);
    }

    private static Task<int> TermAsync(KnowledgeKernel knowledge, string term) => knowledge.Database.ReadAsync(
        db => db.Set<TermCount>().Where(count => count.Term == term).Select(count => count.Passages).SingleOrDefaultAsync(Cancelled), Cancelled);
}
