using System.Globalization;
using Calango.Core.Models;

namespace Calango.Web.Text;

/// <summary>What the pages about models say beyond plain sentences.</summary>
public static class ModelText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    /// <summary>The sentence for something that did not work.</summary>
    public static string Failure(this PageText text, Failure failure) =>
        text[$"failure.{failure.Code}", [.. failure.Arguments.Select(argument => (argument.Key, argument.Value))]];

    /// <summary>The text of a key that a plugin may leave out.</summary>
    public static string? Optional(this PageText text, string? key) => key is not null && text[key] is var found && found != key ? found : null;

    /// <summary>A size in powers of 1,000, as download pages state it.</summary>
    public static string Bytes(this PageText text, long bytes)
    {
        var (size, unit) = (bytes / 1000.0, 0);
        for (; size >= 999.5 && unit < Units.Length - 1; unit++)
        {
            size /= 1000;
        }

        return $"{size.ToString(size < 10 && unit > 1 ? "0.#" : "0", text.Culture)} {Units[unit]}";
    }

    /// <summary>US dollars per million tokens.</summary>
    public static string Price(this PageText text, decimal price) => "US$ " + price.ToString("0.00####", text.Culture);

    /// <summary>The languages of a list of BCP 47 tags, as the viewer calls them.</summary>
    public static string Languages(this PageText text, IEnumerable<string> tags) =>
        string.Join(", ", tags.Select(tag => text.Optional($"language.{tag}") ?? tag));

    /// <summary>A number as number fields write it, in every language.</summary>
    public static string? Written(this IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}
