using System.Globalization;
using Calango.Core.Templates;

namespace Calango.Web.Text;

/// <summary>What the pages about templates say beyond plain sentences.</summary>
public static class TemplateTexts
{
    /// <summary>How good people find a template, and how many have said so.</summary>
    public static string Stars(this PageText text, double stars, int ratings) => $"★ {text.Decimal(stars)} · {text.Count("templates.ratings", ratings)}";

    /// <summary>All of a variable in a line.</summary>
    public static string VariableFacts(this PageText text, TemplateVariable variable)
    {
        string?[] facts =
        [
            text[$"templates.variable.type.{variable.Type}"],
            variable.IsRequired ? null : text["templates.optional"],
            variable.Minimum is { } minimum ? $"≥ {minimum.ToString(CultureInfo.InvariantCulture)}" : null,
            variable.Maximum is { } maximum ? $"≤ {maximum.ToString(CultureInfo.InvariantCulture)}" : null,
            variable.Choices.Count > 0 ? string.Join(" / ", variable.Choices) : null,
            variable.Default.Length > 0 ? $"= {variable.Default}" : null,
            variable.Hint.Length > 0 ? $"({variable.Hint})" : null,
        ];
        return $"{{{variable.Name}}}: {string.Join(", ", facts.OfType<string>())}";
    }

    /// <summary>Whether somebody may let everybody on the server use something: on a laptop there is nobody else.</summary>
    public static bool MayPublish(this Viewer viewer) => viewer.IsAdmin && viewer.SessionId is not null;
}
