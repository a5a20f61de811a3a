using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Localization;

/// <summary>Wires the locales.</summary>
public static class LocalizationSetup
{
    /// <summary>Adds <see cref="Locales"/>.</summary>
    public static IServiceCollection AddCalangoLocalization(this IServiceCollection services, CoreOptions options) =>
        services.AddSingleton(_ => new Locales(options));
}
