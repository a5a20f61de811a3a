using System.Runtime.InteropServices;
using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Bench;

/// <summary>The kernel on an empty database, with the small embedder, which is downloaded once and kept beside the build.</summary>
internal sealed class BenchKnowledge : IAsyncDisposable
{
    private const string SmallEmbedder = "all-minilm-l6-v2";
    private const int DocumentsAtOnce = 1_000;

    private readonly ServiceProvider _services;
    private readonly string _folder;
    private EmbeddingModel? _embedder;

    private BenchKnowledge(ServiceProvider services, string folder) => (_services, _folder) = (services, folder);

    /// <summary>The model that reranks, as options name it; null: none does.</summary>
    public string? Reranker { get; private set; }

    public PassageSearch Search => _services.GetRequiredService<PassageSearch>();

    private Database Database => _services.GetRequiredService<Database>();

    public static async Task<BenchKnowledge> StartAsync(RetrievalSettings settings, string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("calango-bench-").FullName;
        var root = Machine.FindRoot();
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().AddCalangoCore(new CoreOptions
        {
            DataFolder = Directory.CreateDirectory(Path.Combine(root, "artifacts/bench")).FullName,
            PluginsFolder = Path.Combine(root, "artifacts/server/plugins"),
            LocalesFolder = Path.Combine(root, "locales"),
            Database = new DatabaseOptions { SqlitePath = Path.Combine(folder, "calango.db"), Postgres = postgres },
        }).BuildServiceProvider();
        var knowledge = new BenchKnowledge(services, folder);
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken.None);
        await services.GetRequiredService<PluginHost>().StartAsync(CancellationToken.None);
        knowledge._embedder = settings.WithEmbedder ? await knowledge.InstallAsync() : null;
        if (settings.Reranker is var (address, model))
        {
            var connection = await services.GetRequiredService<Connections>().AddAsync(
                new ConnectionInput("openai-compatible", "", "Reranker", new Dictionary<string, string?> { ["address"] = address }, new TimeLimits()), CancellationToken.None);
            knowledge.Reranker = new ModelRef(connection.Id, model).ToString();
        }

        return knowledge;
    }

    /// <summary>Makes a collection of documents, whose names are their ids.</summary>
    public async Task<Collection> TakeInAsync(string name, IReadOnlyList<JudgedText> documents, RetrievalOptions options)
    {
        var id = await NewCollectionAsync(name, options);
        var space = await _services.GetRequiredService<PassagePlacer>().SpaceOfAsync(await ReadAsync(id), CancellationToken.None);
        var splitter = _services.GetRequiredService<Splitter>();
        foreach (var document in documents)
        {
            var read = new ExtractedDocument(null, null, [new ExtractedUnit(UnitKind.Paragraph, [], null, document.Text)]);
            var drafts = await splitter.SplitAsync(read, space.Cut(options), space.CountTokensAsync, CancellationToken.None);
            var claim = await AddDocumentAsync(id, document.Id);
            await _services.GetRequiredService<EditionWriter>().AddAsync(claim, drafts, isPlaced: space.Model is null, CancellationToken.None);
            await HandOverAsync(claim);
        }

        await _services.GetRequiredService<Ingestion>().TakeInAllAsync(CancellationToken.None);
        await AnalyzeAsync();
        return await ReadAsync(id);
    }

    /// <summary>Takes a file in, in a collection of its own.</summary>
    public async Task<Document> TakeInAsync(string file, RetrievalOptions options)
    {
        var id = await NewCollectionAsync(Path.GetFileName(file), options);
        await using (var content = File.OpenRead(file))
        {
            await _services.GetRequiredService<Documents>().AddAsync(Account.LocalId, id, Path.GetFileName(file), content, CancellationToken.None);
        }

        await _services.GetRequiredService<Ingestion>().TakeInAllAsync(CancellationToken.None);
        return await Database.ReadAsync(db => db.Set<Document>().SingleAsync(document => document.CollectionId == id), CancellationToken.None);
    }

    /// <summary>Makes a collection of so many passages of made-up words, each at a random place.</summary>
    public async Task<Collection> FillAsync(int size)
    {
        var (id, random) = (await NewCollectionAsync($"{size}", new RetrievalOptions()), new Random(1));
        for (var done = 0; done < size; done += DocumentsAtOnce)
        {
            var claim = await AddDocumentAsync(id, $"{done}");
            var drafts = Enumerable.Range(0, Math.Min(DocumentsAtOnce, size - done)).Select(_ => Seeding.Words(random, random.Next(80, 200)))
                .Select(text => new PassageDraft("", null, null, UnitKind.Paragraph, text, [text], 200)).ToList();
            await _services.GetRequiredService<EditionWriter>().AddAsync(claim, drafts, isPlaced: true, CancellationToken.None);
            await PlaceAnywhereAsync(claim, random);
            await HandOverAsync(claim);
        }

        await _services.GetRequiredService<Ingestion>().TakeInAllAsync(CancellationToken.None);
        await AnalyzeAsync();
        return await ReadAsync(id);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<EmbeddingModel> InstallAsync()
    {
        var installer = _services.GetRequiredService<LocalModelInstaller>();
        if ((await installer.ListAsync(CancellationToken.None)).Single(model => model.Id == SmallEmbedder).State != LocalModelState.Installed)
        {
            installer.Start(SmallEmbedder);
            while (installer.Current is { State: LocalInstallState.Downloading or LocalInstallState.Verifying })
            {
                await Task.Delay(100);
            }

            await installer.ListAsync(CancellationToken.None);
        }

        var model = await installer.FindRefAsync(SmallEmbedder, CancellationToken.None) ?? throw new InvalidOperationException($"The embedder could not be installed: {installer.Current?.Failure?.Code}");
        return await _services.GetRequiredService<EmbeddingModels>().FindAsync(model, CancellationToken.None) ?? throw new InvalidOperationException("The embedder is not there.");
    }

    private async Task<Guid> NewCollectionAsync(string name, RetrievalOptions options)
    {
        var embedder = _embedder is { } model ? EmbedderChoice.Of(model, _services.GetRequiredService<Translator>().IsInstalled) : null;
        var collections = _services.GetRequiredService<Collections>();
        var collection = await collections.AddAsync(Account.LocalId, name, "", embedder, CancellationToken.None);
        await collections.SetUpAsync(Account.LocalId, collection.Id, options, embedder, CancellationToken.None);
        return collection.Id;
    }

    private Task<Collection> ReadAsync(Guid id) => Database.ReadAsync(db => db.Set<Collection>().SingleAsync(collection => collection.Id == id), CancellationToken.None);

    // As a document is whose text was just read.
    private async Task<IntakeClaim> AddDocumentAsync(Guid collectionId, string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var document = new Document
        {
            Id = Guid.CreateVersion7(now), CollectionId = collectionId, Name = name, BlobKey = DocumentIntake.KeyOf(Guid.CreateVersion7(now)), Sha256 = "", AddedAt = now,
            State = DocumentState.Reading, NextEdition = Guid.CreateVersion7(now), ClaimedUntil = now.AddHours(1),
        };
        var claim = new IntakeClaim(document);
        document.ClaimedBy = claim.Id;
        await Database.WriteAsync(
            db =>
            {
                db.Add(document);
                return db.SaveChangesAsync();
            },
            CancellationToken.None);
        return claim;
    }

    private Task HandOverAsync(IntakeClaim claim) => Database.WriteAsync(
        db => claim.Row(db).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DocumentState.Indexing).SetProperty(row => row.ClaimedBy, (Guid?)null)), CancellationToken.None);

    private async Task PlaceAnywhereAsync(IntakeClaim claim, Random random)
    {
        if (_embedder is not { } model)
        {
            return;
        }

        var numbers = await Database.ReadAsync(db => db.Set<Passage>().Where(passage => passage.Edition == claim.Edition).Select(passage => passage.Number).ToListAsync(), CancellationToken.None);
        await Database.WriteAsync(
            db =>
            {
                db.AddRange(numbers.Select(number => new PassageVector { PassageNumber = number, Edition = claim.Edition, Values = Anywhere(random, model.Info.Dimensions) }));
                return db.SaveChangesAsync();
            },
            CancellationToken.None);
    }

    private static byte[] Anywhere(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = (float)(random.NextDouble() - random.NextDouble());
        }

        return MemoryMarshal.AsBytes<float>(Vectors.Normalized(vector)).ToArray();
    }

    // The autovacuum would, after a minute.
    private Task AnalyzeAsync() => Database.ReadAsync(db => db.IsSqlite ? Task.FromResult(0) : db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE"), CancellationToken.None);
}
