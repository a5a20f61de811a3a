using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Audit;

/// <summary>Wires the log of acts. On a laptop there is nobody to hold to account.</summary>
internal static class AuditSetup
{
    public static IServiceCollection AddCalangoAudit(this IServiceCollection services, CoreOptions options) => services.AddSingleton(provider => new AuditLog(
        provider.GetRequiredService<Database>(), new AuditAnchor(options.DataFolder, provider.GetRequiredService<ILogger<AuditLog>>()),
        provider.GetRequiredService<ServerSecret>(), provider.GetRequiredService<TimeProvider>()));
}
