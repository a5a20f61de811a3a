namespace Calango.Web.Configuration;

/// <summary>Says that a name is none, and which was probably meant.</summary>
internal static class Unknown
{
    /// <summary>A key of the file, or of <c>config explain</c>.</summary>
    public static string Key(string name) => Say(
        name,
        SettingKeys.All.SelectMany(key => new[] { (key.Name, key.Name), (key.Name.Split('.')[^1], key.Name), (key.Variable, key.Name) })
            .Concat(SettingKeys.Sections.Select(section => (section, section))),
        SettingKeys.All.Select(key => key.Name));

    /// <summary>An environment variable.</summary>
    public static string Variable(string name) => Say(
        name,
        SettingKeys.All.SelectMany(key => new[] { (key.Variable, key.Variable), (Variables.Prefix + key.Name.Replace('.', '_'), key.Variable) })
            .Append((SettingsFile.Variable, SettingsFile.Variable)),
        SettingKeys.All.Select(key => key.Variable).Prepend(SettingsFile.Variable));

    private static string Say(string name, IEnumerable<(string Spelling, string Name)> spellings, IEnumerable<string> all)
    {
        var written = OneLine.Of(name);
        var bare = Bare(written);
        var nearest = spellings.Select(known => (known.Name, Distance: Distance(bare, Bare(known.Spelling)))).MinBy(known => known.Distance);
        var hint = nearest.Distance <= Math.Max(2, bare.Length / 4) ? $"did you mean {nearest.Name}?" : $"there are {string.Join(", ", all)}.";
        return $"{written} is no setting; {hint}";
    }

    // What all variables have in common says nothing about likeness.
    private static string Bare(string name) => (name.StartsWith(Variables.Prefix, StringComparison.Ordinal) ? name[Variables.Prefix.Length..] : name).ToLowerInvariant();

    // Levenshtein: how many letters to add, drop or change.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j - 1], diagonal) + 1);
            }
        }

        return row[to.Length];
    }
}
