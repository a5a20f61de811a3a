using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>All settings in force. The environment goes over the file, and the file over the defaults.</summary>
internal sealed class SettingsInForce
{
    private readonly Dictionary<SettingKey, Setting> _inForce;

    private SettingsInForce(SettingsFile file, Dictionary<SettingKey, Setting> inForce) => (File, _inForce) = (file, inForce);

    /// <summary>The file that was read, or would be.</summary>
    public SettingsFile File { get; }

    public Setting this[SettingKey key] => _inForce[key];

    /// <summary>All, in the order of the table.</summary>
    public IEnumerable<Setting> All => SettingKeys.All.Select(key => _inForce[key]);

    /// <param name="environment">All variables; an empty one counts as unset.</param>
    /// <exception cref="StartRefusedException">A key, a variable or a value is wrong, also one that another would go over.</exception>
    public static SettingsInForce Read(IReadOnlyDictionary<string, string?> environment)
    {
        var variables = environment.Where(variable => !string.IsNullOrWhiteSpace(variable.Value)).ToDictionary(variable => variable.Key, variable => variable.Value!);
        Variables.RefuseUnknown(variables);
        var file = SettingsFile.Read(variables.GetValueOrDefault(SettingsFile.Variable));
        return new SettingsInForce(file, SettingKeys.All.ToDictionary(key => key, key => InForce(key, variables, file)));
    }

    private static Setting InForce(SettingKey key, Dictionary<string, string> variables, SettingsFile file) =>
        variables.TryGetValue(key.Variable, out var text) ? Setting.OfVariable(key, text)
        : file.Settings.TryGetValue(key, out var setting) ? setting
        : Setting.Default(key);
}
