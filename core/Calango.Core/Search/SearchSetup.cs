using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Search;

/// <summary>Wires the search.</summary>
internal static class SearchSetup
{
    public static IServiceCollection AddCalangoSearch(this IServiceCollection services) => services
        .AddSingleton<MessageIndex>()
        .AddSingleton<MessageSearch>();
}
