using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>One setting of the table.</summary>
/// <param name="Name">In the file; a dot leads into a section.</param>
/// <param name="Variable">The environment variable that goes over the file.</param>
/// <param name="Kind">What values it can have.</param>
/// <param name="Default">Its value where nobody says another; null: none.</param>
/// <param name="Explanation">What it does, for the operator.</param>
internal sealed record SettingKey(string Name, string Variable, SettingKind Kind, string? Default, string Explanation)
{
    /// <summary>What it can be, as a sentence goes on.</summary>
    public string Permitted => Kind.IsList ? $"a list, each {Kind.Permitted}" : Kind.Permitted;

    /// <summary>The one line that says what is wrong with a value.</summary>
    /// <param name="origin">Where it stands.</param>
    /// <param name="mistake">What it is, to follow the name.</param>
    public StartRefusedException Refusal(string origin, string mistake) => new($"{origin}: {Name} {mistake}; it can be {Permitted}.");
}
