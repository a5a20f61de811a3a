using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Exchange;

/// <summary>Wires how chats leave the server and come to it.</summary>
internal static class ExchangeSetup
{
    public static IServiceCollection AddCalangoExchange(this IServiceCollection services) => services
        .AddSingleton<ChatWriter>()
        .AddSingleton<DocumentWriter>()
        .AddSingleton(provider => new ChatExport(provider.GetRequiredService<Database>(), provider.GetRequiredService<ChatWriter>(), provider.GetRequiredService<DocumentWriter>()))
        .AddSingleton<ImportBell>()
        .AddSingleton(provider => new ChatImports(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Blobs>(), provider.GetRequiredService<SpoolFolder>(), provider.GetRequiredService<ImportBell>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<ChatRows>()
        .AddSingleton<ChatShelf>()
        .AddSingleton<ImportWork>()
        .AddSingleton<ImportWorker>()
        .AddHostedService(provider => provider.GetRequiredService<ImportWorker>())
        .AddSingleton(provider => new Routine("imports", _ =>
        {
            provider.GetRequiredService<ImportBell>().Ring();
            return Task.CompletedTask;
        }))
        .AddCleanUp<ImportCleanUp>("old-imports", new TimeOnly(4, 5));
}
