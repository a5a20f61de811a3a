namespace Calango.Web.Pages.Shared;

/// <summary>A line of a form.</summary>
/// <param name="Name">Of the field; its label is the locale key <c>{Label}</c>.</param>
/// <param name="Label">The locale key of its label.</param>
/// <param name="Value">What it shows.</param>
/// <param name="Error">The end of the locale key <c>invalid.{error}</c>; null: nothing is wrong.</param>
public sealed record FormField(string Name, string Label, string? Value, string? Error)
{
    /// <summary>The input's type.</summary>
    public string Type { get; init; } = "text";

    /// <summary>What a browser may fill in (HTML, 4.10.18.7).</summary>
    public string Autocomplete { get; init; } = "off";

    /// <summary>The longest value, in characters.</summary>
    public int MaxLength { get; init; } = 256;

    /// <summary>The locale key of what helps to fill it in; null: nothing need be said.</summary>
    public string? Help { get; init; }

    /// <summary>Whether it can be left empty.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it is the first that wants to be filled in.</summary>
    public bool IsFocused { get; init; }
}
