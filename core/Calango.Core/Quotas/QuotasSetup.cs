using Calango.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Quotas;

/// <summary>Wires the quotas.</summary>
internal static class QuotasSetup
{
    public static IServiceCollection AddCalangoQuotas(this IServiceCollection services) => services
        .AddSingleton<QuotaBook>()
        .AddSingleton<QuotaMeter>()
        .AddSingleton<QuotaRules>()
        .AddSingleton(provider => new Routine("quota-reservations", provider.GetRequiredService<QuotaMeter>().GiveBackExpiredAsync))
        .AddCleanUp<QuotaCleanUp>("quotas", new TimeOnly(4, 25));
}
