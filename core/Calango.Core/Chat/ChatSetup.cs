using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Chat;

/// <summary>Wires the chat.</summary>
internal static class ChatSetup
{
    public static IServiceCollection AddCalangoChat(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton(options.Turns)
        .AddSingleton<TurnPulse>()
        .AddSingleton<TurnsRunning>()
        .AddSingleton<TurnLease>()
        .AddSingleton<PromptBuilder>()
        .AddSingleton<KeptAnswers>()
        .AddSingleton<TurnEndings>()
        .AddSingleton<TurnRunner>()
        .AddSingleton<TurnTelemetry>()
        .AddSingleton<TurnQueue>()
        .AddSingleton<TurnStore>()
        .AddSingleton<Titles>()
        .AddSingleton<Conversations>()
        .AddSingleton<MessageTree>()
        .AddSingleton<Forks>()
        .AddSingleton<ContextMeter>()
        .AddSingleton(provider => new Turns(
            provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<TurnsRunning>(), provider.GetRequiredService<TurnQueue>(),
            provider.GetRequiredService<TurnStore>(), provider.GetRequiredService<TurnPulse>()))
        .AddHostedService<TurnRecovery>()
        .AddHostedService<TurnCheckpoints>()
        .AddHostedService<TurnShutdown>();
}
