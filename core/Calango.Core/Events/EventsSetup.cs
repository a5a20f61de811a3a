using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Events;

/// <summary>Wires where events go.</summary>
internal static class EventsSetup
{
    /// <summary>Before the chat: what starts first stops last, and turns that end at the end are still to be delivered.</summary>
    public static IServiceCollection AddCalangoEvents(this IServiceCollection services) => services
        .AddSingleton<EventSinks>()
        .AddSingleton<SinkTelemetry>()
        .AddSingleton<EventDelivery>()
        .AddHostedService(provider => provider.GetRequiredService<EventDelivery>());
}
