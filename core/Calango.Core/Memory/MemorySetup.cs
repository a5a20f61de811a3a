using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Memory;

/// <summary>Wires the memory of messages.</summary>
internal static class MemorySetup
{
    public static IServiceCollection AddCalangoMemory(this IServiceCollection services) => services
        .AddSingleton<MemoryBell>()
        .AddSingleton<RememberedMessages>()
        .AddSingleton<MemoryIndexes>()
        .AddSingleton<MemoryEmbedding>()
        .AddSingleton<MessagePlacer>()
        .AddSingleton(provider => new ChatMemories(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<RememberedMessages>(), provider.GetRequiredService<MemoryIndexes>(), provider.GetRequiredService<MemoryBell>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<MemoryQuestions>()
        .AddSingleton<NearestPassages>()
        .AddSingleton(provider => new MemorySearch(
            provider.GetRequiredService<MessageSearch>(), provider.GetRequiredService<ChatMemories>(), provider.GetRequiredService<MemoryQuestions>(), provider.GetRequiredService<MemoryIndexes>(), provider.GetRequiredService<NearestPassages>()))
        .AddSingleton<MemoryKeeper>()
        .AddHostedService(provider => provider.GetRequiredService<MemoryKeeper>())
        .AddSingleton(provider => new Routine("memory", _ =>
        {
            provider.GetRequiredService<MemoryBell>().Ring();
            return Task.CompletedTask;
        }));
}
