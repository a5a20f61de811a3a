using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tools;

/// <summary>Wires the tools.</summary>
internal static class ToolsSetup
{
    public static IServiceCollection AddCalangoTools(this IServiceCollection services) => services
        .AddSingleton<ToolServers>()
        .AddSingleton<PersonalToolSettings>()
        .AddSingleton<ToolCatalog>()
        .AddSingleton<ToolRules>();
}
