using System.Text;
using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>The file of settings: where it is looked for, and what it says.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Settings">What it sets.</param>
internal sealed record SettingsFile(string Path, bool Exists, IReadOnlyDictionary<SettingKey, Setting> Settings)
{
    /// <summary>The variable that names it.</summary>
    public const string Variable = "CALANGO_CONFIG";

    private const string UsualName = "calango.yml";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="named">The value of <see cref="Variable"/>; null: <c>calango.yml</c> where the server was started, if it is there.</param>
    /// <exception cref="StartRefusedException">It is named and not there, cannot be read, or something in it is wrong.</exception>
    public static SettingsFile Read(string? named)
    {
        var path = System.IO.Path.GetFullPath(named ?? UsualName);
        try
        {
            return new SettingsFile(path, Exists: true, SettingsYaml.Parse(path, File.ReadAllText(path, StrictUtf8)));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return named is null
                ? new SettingsFile(path, Exists: false, new Dictionary<SettingKey, Setting>())
                : throw new StartRefusedException($"{Variable} names {path}, which is not there.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be read; it must be a file that the server's user may read.");
        }
        catch (DecoderFallbackException)
        {
            throw new StartRefusedException($"{path} is no text in UTF-8.");
        }
    }
}
