using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>Wires the chat.</summary>
internal static class ChatSetup
{
    public static IServiceCollection AddCalangoChat(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton(options.Turns)
        .AddSingleton(options.Retention)
        .AddSingleton<TurnPulse>()
        .AddSingleton<TurnsRunning>()
        .AddSingleton<TurnLease>()
        .AddSingleton<PersonalNotes>()
        .AddSingleton(provider => new ChatPictures(
            provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<Blobs>(), provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ChatPictures>>()))
        .AddSingleton<AttachedFiles>()
        .AddSingleton<PromptPictures>()
        .AddSingleton<PromptBuilder>()
        .AddSingleton<KeptAnswers>()
        .AddSingleton<ChatDocuments>()
        .AddSingleton<TurnSources>()
        .AddSingleton<ToolTelemetry>()
        .AddSingleton<ToolOffers>()
        .AddSingleton<ToolLoop>()
        .AddSingleton<TurnEndings>()
        .AddSingleton<TurnRunner>()
        .AddSingleton<CallTelemetry>()
        .AddSingleton<TurnTelemetry>()
        .AddSingleton<ModelEvents>()
        .AddSingleton<TurnQueue>()
        .AddSingleton<TurnStore>()
        .AddSingleton<SmallTasks>()
        .AddSingleton<TaskChoices>()
        .AddSingleton<FollowUps>()
        .AddSingleton(provider => new Titles(
            provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<SmallTasks>(), provider.GetRequiredService<MessageIndex>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Titles>>()))
        .AddSingleton<Conversations>()
        .AddSingleton<ConversationLists>()
        .AddSingleton<ChatActs>()
        .AddSingleton<Folders>()
        .AddSingleton<Tags>()
        .AddSingleton<ChatTrash>()
        .AddSingleton<MessageTree>()
        .AddSingleton<Forks>()
        .AddSingleton<ContextMeter>()
        .AddSingleton(provider => new Turns(
            provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<TurnsRunning>(), provider.GetRequiredService<TurnQueue>(),
            provider.GetRequiredService<TurnStore>(), provider.GetRequiredService<TurnPulse>(), provider.GetRequiredService<AccessLimits>()))
        .AddSingleton(provider => new Ratings(
            provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<ModelEvents>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Completions(
            provider.GetRequiredService<ModelCatalog>(), provider.GetRequiredService<CallTelemetry>(), provider.GetRequiredService<ModelEvents>(),
            provider.GetRequiredService<TurnOptions>(), provider.GetRequiredService<QuotaMeter>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new CountedEmbeddings(provider.GetRequiredService<Embeddings>(), provider.GetRequiredService<ModelCatalog>(), provider.GetRequiredService<QuotaMeter>()))
        .AddCleanUp<DeletedChatCleanUp>("deleted-chats", new TimeOnly(3, 10))
        .AddCleanUp<TraceCleanUp>("traces", new TimeOnly(3, 20))
        .AddCleanUp<KeptAnswerCleanUp>("kept-answers", new TimeOnly(3, 30))
        .AddCleanUp<PictureCleanUp>("pictures", new TimeOnly(3, 52))
        .AddHostedService<TurnRecovery>()
        .AddHostedService<TurnCheckpoints>()
        .AddHostedService<TurnShutdown>();
}
