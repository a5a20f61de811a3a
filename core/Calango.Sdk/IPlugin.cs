namespace Calango.Sdk;

/// <summary>
/// The one entry point of a plugin assembly. The kernel makes one instance per loaded generation with the
/// parameterless constructor, calls <see cref="Register"/> once, and builds the plugin's own service container from
/// what was registered. Constructor and <see cref="Register"/> must be quick and must not touch the network or disk.
/// </summary>
public interface IPlugin
{
    /// <summary>Says what the plugin provides.</summary>
    void Register(IPluginBuilder plugin);
}
