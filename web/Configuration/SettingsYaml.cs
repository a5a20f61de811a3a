using System.Globalization;
using Calango.Web.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Calango.Web.Configuration;

/// <summary>Reads the text of the file of settings and checks every word of it.</summary>
internal sealed class SettingsYaml
{
    private readonly string _path;
    private readonly Dictionary<SettingKey, Setting> _settings = [];

    private SettingsYaml(string path) => _path = path;

    /// <exception cref="StartRefusedException">It is no YAML, or a key or a value is wrong.</exception>
    public static IReadOnlyDictionary<SettingKey, Setting> Parse(string path, string text)
    {
        var yaml = new SettingsYaml(path);
        yaml.Read(yaml.Load(text));
        return yaml._settings;
    }

    private YamlStream Load(string text)
    {
        var stream = new YamlStream();
        try
        {
            RefuseAliases(text);
            stream.Load(new StringReader(text));
            return stream;
        }
        catch (YamlException broken)
        {
            throw Refusal(broken.Start, $"this is no YAML: {broken.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    // Nobody needs one here, and the parser's message about one that leads nowhere would quote what may be a password.
    private void RefuseAliases(string text)
    {
        for (var parser = new Parser(new StringReader(text)); parser.MoveNext();)
        {
            if (parser.Current is AnchorAlias alias)
            {
                throw Refusal(alias.Start, "a value that begins with * must be in quotes");
            }
        }
    }

    private void Read(YamlStream stream)
    {
        if (stream.Documents is [_, var second, ..])
        {
            throw Refusal(second.RootNode.Start, "a second document begins here; the file can have one");
        }

        if (stream.Documents is [{ RootNode: var root }] && !IsEmpty(root))
        {
            ReadSection(root as YamlMappingNode ?? throw Refusal(root.Start, "this is no list of keys and values such as 'mode: Desktop'"), "");
        }
    }

    private void ReadSection(YamlMappingNode section, string prefix)
    {
        foreach (var (key, value) in section.Children)
        {
            var name = prefix + key;
            if (SettingKeys.Find(name) is { } setting)
            {
                Add(setting, value, At(key.Start));
            }
            else if (SettingKeys.Sections.Contains(name))
            {
                ReadInner(value, name);
            }
            else
            {
                throw new StartRefusedException($"{At(key.Start)}: {Unknown.Key(name)}");
            }
        }
    }

    // A section whose keys are all comments is an empty value.
    private void ReadInner(YamlNode value, string section)
    {
        if (value is YamlMappingNode inner)
        {
            ReadSection(inner, section + '.');
        }
        else if (!IsEmpty(value))
        {
            throw Refusal(value.Start, $"{section} has a value of its own; its keys stand below it, indented");
        }
    }

    private void Add(SettingKey key, YamlNode value, string origin)
    {
        var setting = value switch
        {
            _ when IsEmpty(value) => throw key.Refusal(origin, "has no value"),
            YamlScalarNode scalar => Setting.Read(key, TextOf(scalar), origin),
            YamlSequenceNode list when key.Kind.IsList => Setting.Read(key, list.Children.Select(item => TextOf(item as YamlScalarNode ?? throw key.Refusal(At(item.Start), "has a list or a section in its list"))), origin),
            YamlSequenceNode => throw key.Refusal(origin, "is a list"),
            _ => throw key.Refusal(origin, "is a section"),
        };
        if (!_settings.TryAdd(key, setting))
        {
            throw new StartRefusedException($"{origin}: {key.Name} is set already, at {_settings[key].Origin}.");
        }
    }

    // A tag would silently take the beginning of a password away.
    private string TextOf(YamlScalarNode scalar) =>
        scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? scalar.Value!.Trim() : throw Refusal(scalar.Start, "a value that begins with ! must be in quotes");

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } or YamlScalarNode { Value: "" };

    private StartRefusedException Refusal(Mark place, string mistake) => new($"{At(place)}: {mistake}.");

    private string At(Mark place) => string.Create(CultureInfo.InvariantCulture, $"{_path}:{place.Line}");
}
