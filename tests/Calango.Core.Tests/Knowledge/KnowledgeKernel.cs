using System.Text;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Knowledge;

/// <summary>A kernel with a collection of Ana's. Documents are taken in when a test says so.</summary>
internal sealed class KnowledgeKernel : IAsyncDisposable
{
    private readonly TestKernel _kernel;

    private KnowledgeKernel(TestKernel kernel) => _kernel = kernel;

    public Guid Ana { get; private set; }

    public Guid Bia { get; private set; }

    public Collection Papers { get; private set; } = null!;

    public Collections Collections => _kernel.Get<Collections>();

    public Calango.Core.Knowledge.Documents Documents => _kernel.Get<Calango.Core.Knowledge.Documents>();

    public Database Database => _kernel.Get<Database>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<KnowledgeKernel> StartAsync(DatabaseKind kind)
    {
        var knowledge = new KnowledgeKernel(await TestKernel.StartAsync(kind));
        (knowledge.Ana, knowledge.Bia) = (await knowledge.AddPersonAsync("Ana"), await knowledge.AddPersonAsync("Bia"));
        knowledge.Papers = await knowledge.Collections.AddAsync(knowledge.Ana, "Papers", "", null, Cancelled);
        return knowledge;
    }

    public T Get<T>() where T : notnull => _kernel.Get<T>();

    public Task<Document> AddAsync(string name, string text) => Documents.AddAsync(Ana, Papers.Id, name, new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancelled);

    /// <summary>Takes in, removes or makes anew what waits for it.</summary>
    public Task TakeInAsync() => _kernel.Get<Ingestion>().TakeInAllAsync(Cancelled);

    public async Task<Document> ReadAsync(string name) => (await Documents.ListAsync(Ana, Papers.Id, null, null, 100, Cancelled)).Single(document => document.Name == name);

    /// <summary>The texts that a question finds, the best first.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string question)
    {
        var found = await _kernel.Get<PassageSearch>().FindAsync(await Collections.ReadableAsync(Ana, [Papers.Id], Cancelled), question, Cancelled);
        return [.. found.Chosen.Select(passage => passage.Passage.Text)];
    }

    /// <summary>How many rows a table has.</summary>
    public Task<int> CountAsync<T>() where T : class => Database.ReadAsync(db => db.Set<T>().CountAsync(Cancelled), Cancelled);

    public ValueTask DisposeAsync() => _kernel.DisposeAsync();

    private async Task<Guid> AddPersonAsync(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = new Account { Id = Guid.CreateVersion7(now), Name = name, CreatedAt = now };
        await Database.WriteAsync(
            db =>
            {
                db.Add(account);
                return db.SaveChangesAsync(Cancelled);
            },
            Cancelled);
        return account.Id;
    }
}
