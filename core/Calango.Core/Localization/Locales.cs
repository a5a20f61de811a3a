using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Calango.Core.Localization;

/// <summary>
/// Every sentence that a person sees, in each language: the server's <c>{language}.json</c> files and those of each
/// plugin, flat, joined. Those of the server are read once, a plugin's anew whenever it is replaced. Thread-safe.
/// </summary>
public sealed class Locales
{
    private const string Source = "en";

    private readonly FrozenSet<string> _own;
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, FrozenDictionary<string, string>> _texts;

    /// <summary>Reads the files.</summary>
    /// <exception cref="LocaleException">A file is malformed, or a plugin's would change a sentence of the server's.</exception>
    public Locales(CoreOptions options)
    {
        var texts = new SortedDictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(options.LocalesFolder, "*.json"))
        {
            texts[Path.GetFileNameWithoutExtension(file)] = Read(file);
        }

        _own = texts.Values.SelectMany(known => known.Keys).ToFrozenSet();
        foreach (var file in PluginFiles(options.PluginsFolder))
        {
            Join(texts, file);
        }

        _texts = texts.ToFrozenDictionary(language => language.Key, language => language.Value.ToFrozenDictionary());
        Languages = [Source, .. texts.Keys.Where(language => language != Source)];
    }

    /// <summary>The languages there are, the source first.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>
    /// The text of a key with its <c>{name}</c> placeholders filled. What a language lacks comes from English; an unknown
    /// key is returned itself. The values are not encoded: the page does that to the whole.
    /// </summary>
    public string Text(string language, string key, params (string Name, string Value)[] arguments)
    {
        var text = Find(language, key) ?? key;
        return arguments.Length == 0 ? text : Placeholders.Fill(text, arguments);
    }

    /// <summary>The text of <c>key.one</c> or <c>key.other</c>, whichever the count asks for; <c>{count}</c> is filled in, grouped as the language does.</summary>
    public string Plural(string language, string key, long count, params (string Name, string Value)[] arguments)
    {
        // Unicode CLDR: English has "one" for 1, Portuguese for 0 and 1.
        var one = language.StartsWith("pt", StringComparison.Ordinal) ? count is 0 or 1 : count is 1;
        return Text(language, $"{key}.{(one ? "one" : "other")}", [("count", count.ToString("N0", CultureInfo.GetCultureInfo(language))), .. arguments]);
    }

    /// <summary>Whether a key has a text in the source language.</summary>
    public bool Has(string key) => _texts[Source].ContainsKey(key);

    /// <summary>The language that a browser's Accept-Language likes best; English where it likes none of ours.</summary>
    public string Best(string? acceptLanguageHeader) => AcceptedLanguages.Of(acceptLanguageHeader).Select(Match).OfType<string>().FirstOrDefault() ?? Source;

    /// <summary>Reads the texts of a plugin that is to be used, and changes nothing yet.</summary>
    /// <exception cref="LocaleException">A file is malformed, or has a key that isn't the plugin's.</exception>
    internal PluginTexts Read(string pluginId, string folder)
    {
        var files = Path.Combine(folder, "locales") is var locales && Directory.Exists(locales) ? Directory.GetFiles(locales, "*.json") : [];
        var texts = files.ToDictionary(file => Path.GetFileNameWithoutExtension(file), Read);
        foreach (var key in texts.Values.SelectMany(known => known.Keys))
        {
            if (!key.StartsWith(pluginId + '.', StringComparison.Ordinal) || _own.Contains(key))
            {
                throw new LocaleException($"locales: '{key}' is not the plugin's; its keys start with its id");
            }
        }

        return new PluginTexts(pluginId, texts);
    }

    /// <summary>Uses the texts of a plugin instead of those that it had before.</summary>
    internal void Use(PluginTexts plugin)
    {
        lock (_lock)
        {
            _texts = _texts.ToFrozenDictionary(language => language.Key, language => language.Value
                .Where(text => _own.Contains(text.Key) || !text.Key.StartsWith(plugin.PluginId + '.', StringComparison.Ordinal))
                .Concat(plugin.Texts.GetValueOrDefault(language.Key) ?? [])
                .ToFrozenDictionary());
        }
    }

    private string? Find(string language, string key)
    {
        var all = _texts;
        return all.TryGetValue(language, out var texts) && texts.TryGetValue(key, out var text) ? text : all[Source].GetValueOrDefault(key);
    }

    // pt and pt-PT find pt-BR: the same language serves better than another.
    private string? Match(string wanted) =>
        Languages.FirstOrDefault(language => language.Equals(wanted, StringComparison.OrdinalIgnoreCase))
        ?? Languages.FirstOrDefault(language => PrimaryOf(language).Equals(PrimaryOf(wanted), StringComparison.OrdinalIgnoreCase));

    private static string PrimaryOf(string language) => language.Split('-', 2)[0];

    private static IEnumerable<string> PluginFiles(string pluginsFolder) => !Directory.Exists(pluginsFolder) ? [] :
        Directory.GetDirectories(pluginsFolder).Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "locales")).Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.json"));

    private static void Join(SortedDictionary<string, Dictionary<string, string>> texts, string file)
    {
        // A plugin may bring a language that the server lacks: it is not offered for that.
        if (!texts.TryGetValue(Path.GetFileNameWithoutExtension(file), out var known))
        {
            return;
        }

        foreach (var (key, text) in Read(file))
        {
            if (!known.TryAdd(key, text))
            {
                throw new LocaleException($"{file}: '{key}' is taken already; a plugin's keys start with its id");
            }
        }
    }

    private static Dictionary<string, string> Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file), JsonSerializerOptions.Strict)!;
        }
        catch (JsonException exception)
        {
            throw new LocaleException($"{file}: {exception.Message}");
        }
    }
}

/// <summary>What a plugin says.</summary>
/// <param name="PluginId">The plugin: each key starts with it.</param>
/// <param name="Texts">By language, then by key.</param>
internal sealed record PluginTexts(string PluginId, IReadOnlyDictionary<string, Dictionary<string, string>> Texts);

/// <summary>A locale file cannot be used. The message is for the operator.</summary>
public sealed class LocaleException(string message) : Exception(message);
