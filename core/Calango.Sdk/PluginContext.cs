namespace Calango.Sdk;

/// <summary>What a plugin may know of where it runs. One per loaded generation; immutable.</summary>
/// <param name="PluginId">The id from plugin.json.</param>
/// <param name="InstallFolder">Where the plugin's own files are; read-only.</param>
/// <param name="DataFolder">A folder of the plugin's own that survives updates; it exists.</param>
/// <param name="ModelsFolder">The folder into which people drop model weights (<c>data/models</c>); it exists.</param>
/// <param name="Stopping">Cancelled when this generation must end; everything the plugin started has to end with it.</param>
public sealed record PluginContext(
    string PluginId,
    string InstallFolder,
    string DataFolder,
    string ModelsFolder,
    CancellationToken Stopping);
