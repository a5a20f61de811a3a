using Calango.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Calango.Core.Identity;

/// <summary>Wires the keys that open what is stored encrypted. A backup needs them, too.</summary>
internal static class KeysSetup
{
    /// <summary>Without a secret they lie beside the data, readable by this user only; with one in the database, sealed.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services, CoreOptions options)
    {
        var folder = new DirectoryInfo(Path.Combine(options.DataFolder, "keys"));
        if (OperatingSystem.IsWindows())
        {
            folder.Create();
        }
        else
        {
            Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var protection = services.AddDataProtection().SetApplicationName("Calango");
        if (options.Secret is not { } secret)
        {
            protection.PersistKeysToFileSystem(folder);
            return services;
        }

        services.AddSingleton(secret);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            keys.XmlRepository = new DatabaseKeys(
                provider.GetRequiredService<Database>(), secret, new FileSystemXmlRepository(folder, provider.GetRequiredService<ILoggerFactory>()))));
        return services;
    }
}
