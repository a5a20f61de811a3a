using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Calango.Core.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Knowledge;

/// <summary>Wires the knowledge.</summary>
internal static class KnowledgeSetup
{
    // Where Debian's packages put them.
    private const string ApertiumModes = "/usr/share/apertium/modes";

    public static IServiceCollection AddCalangoKnowledge(this IServiceCollection services) => services
        .AddSingleton<IntakeBell>()
        .AddSingleton<SpoolFolder>()
        .AddSingleton(provider => new DocumentIntake(
            provider.GetRequiredService<SpoolFolder>(), provider.GetRequiredService<Database>(), provider.GetRequiredService<Blobs>(), provider.GetRequiredService<IntakeBell>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Collections>()
        .AddSingleton(provider => new Documents(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Collections>(), provider.GetRequiredService<DocumentIntake>(), provider.GetRequiredService<Blobs>()))
        .AddSingleton<Extractor>()
        .AddSingleton(provider => new Translator(
            ApertiumModes, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Translator>>()))
        .AddSingleton<Splitter>()
        .AddSingleton<EditionWriter>()
        .AddSingleton<PassagePlacer>()
        .AddSingleton<DocumentReader>()
        .AddSingleton<DocumentWork>()
        .AddSingleton<Ingestion>()
        .AddSingleton<MemoryIndex>()
        .AddSingleton<MemoryFeed>()
        .AddSingleton<PostgresIndex>()
        .AddSingleton<VectorSource>()
        .AddSingleton<IndexBell>()
        .AddSingleton<IndexPlaces>()
        .AddSingleton<IndexedEditions>()
        .AddSingleton<IndexKeeper>()
        .AddSingleton<VectorSearch>()
        .AddSingleton(provider => new PassageIndexes(
            provider.GetRequiredService<IndexPlaces>(), provider.GetRequiredService<PostgresIndex>(), provider.GetRequiredService<IndexedEditions>(), provider.GetRequiredService<IndexBell>(), provider.GetRequiredService<PluginHost>(), provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<QuestionVectors>()
        .AddSingleton<QuestionPlaces>()
        .AddSingleton<Reranking>()
        .AddSingleton(provider => new PassageSearch(provider.GetRequiredService<Database>(), provider.GetRequiredService<DatabaseOptions>(), provider.GetRequiredService<QuestionPlaces>(), provider.GetRequiredService<Reranking>()))
        .AddSingleton<Quotations>()
        .AddSingleton(provider => new Evaluations(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Collections>(), provider.GetRequiredService<PassageSearch>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<SourceBell>()
        .AddSingleton<SourceFolders>()
        .AddSingleton<SourceShelf>()
        .AddSingleton<PageFetch>()
        .AddSingleton<WebSource>()
        .AddSingleton<FolderSource>()
        .AddSingleton<SourceRefresh>()
        .AddSingleton(provider => new CollectionSources(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Collections>(), provider.GetRequiredService<SourceFolders>(), provider.GetRequiredService<SourceBell>(), provider.GetRequiredService<TimeProvider>()))
        .AddHostedService(provider => provider.GetRequiredService<Ingestion>())
        .AddHostedService(provider => provider.GetRequiredService<IndexKeeper>())
        .AddHostedService(provider => provider.GetRequiredService<SourceRefresh>())
        .AddSingleton(provider => new Routine("sources", _ =>
        {
            provider.GetRequiredService<SourceBell>().Ring();
            return Task.CompletedTask;
        }))
        .AddSingleton(provider => new Routine("ingestion", _ =>
        {
            provider.GetRequiredService<IntakeBell>().Ring();
            return Task.CompletedTask;
        }))
        .AddSingleton(provider => new Routine("indexes", _ =>
        {
            provider.GetRequiredService<IndexBell>().Ring();
            return Task.CompletedTask;
        }))
        .AddCleanUp<DocumentFileCleanUp>("document-files", new TimeOnly(3, 55))
        .AddCleanUp<OldPassageCleanUp>("old-passages", new TimeOnly(4, 0));
}
