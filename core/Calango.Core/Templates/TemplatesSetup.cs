using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Templates;

/// <summary>Wires the templates.</summary>
internal static class TemplatesSetup
{
    public static IServiceCollection AddCalangoTemplates(this IServiceCollection services) => services
        .AddSingleton<Templates>()
        .AddSingleton<TemplateSharing>()
        .AddSingleton<TemplateTransfer>();
}
