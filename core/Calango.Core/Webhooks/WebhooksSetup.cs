using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Webhooks;

/// <summary>Wires the webhooks.</summary>
internal static class WebhooksSetup
{
    public static IServiceCollection AddCalangoWebhooks(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton<WebhookCall>()
        .AddSingleton<WebhookTelemetry>()
        .AddSingleton<WebhookOutbox>()
        .AddSingleton(provider => new WebhookPost(provider.GetRequiredService<PublicWeb>(), isLaptop: options.Secret is null))
        .AddSingleton(provider => new WebhookList(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<WebhookOutbox>(), provider.GetRequiredService<WebhookPost>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<WebhookSender>()
        .AddHostedService(provider => provider.GetRequiredService<WebhookSender>())
        .AddSingleton(provider => new Routine("webhooks", _ => Called(provider.GetRequiredService<WebhookOutbox>())))
        .AddCleanUp<WebhookCleanUp>("webhook-messages", new TimeOnly(4, 30));

    // Only a call: receivers that take their time keep no job waiting.
    private static Task Called(WebhookOutbox outbox)
    {
        outbox.Call();
        return Task.CompletedTask;
    }
}
