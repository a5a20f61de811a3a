using System.Globalization;
using Calango.Core.Search;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Search;

/// <summary>Where is looked, as an address says it: whoever is given the address looks there, too.</summary>
public sealed class SearchForm
{
    /// <summary>The first day, as 2026-11-30.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>The last day.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>A model, as its service names it.</summary>
    [FromQuery(Name = "model")]
    public string? Model { get; set; }

    /// <summary>A folder.</summary>
    [FromQuery(Name = "folder")]
    public Guid? Folder { get; set; }

    /// <summary>A tag.</summary>
    [FromQuery(Name = "tag")]
    public Guid? Tag { get; set; }

    /// <summary>In chats with files alone.</summary>
    [FromQuery(Name = "file")]
    public bool File { get; set; }

    /// <summary>True: in archived chats alone; false: in no archived one.</summary>
    [FromQuery(Name = "archived")]
    public bool? Archived { get; set; }

    /// <summary>Something of it is chosen.</summary>
    public bool IsChosen => Fields().Any();

    /// <summary>What is chosen, by the names in an address.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Fields() =>
        from field in new (string Name, string? Value)[]
        {
            ("from", From), ("to", To), ("model", Model), ("folder", Folder?.ToString()), ("tag", Tag?.ToString()), ("file", File ? "true" : null),
            ("archived", Archived?.ToString().ToLowerInvariant()),
        }
        where !string.IsNullOrEmpty(field.Value)
        select KeyValuePair.Create(field.Name, field.Value);

    /// <summary>What it says; a date that is none does not matter.</summary>
    /// <param name="zone">Where days begin.</param>
    public SearchFilter Read(TimeZoneInfo zone) => new(Day(From, zone, 0), Day(To, zone, 1), string.IsNullOrEmpty(Model) ? null : Model, Folder, Tag, File, Archived);

    private static DateTimeOffset? Day(string? text, TimeZoneInfo zone, int after)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1900 or > 9000)
        {
            return null;
        }

        var start = day.AddDays(after).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(start, zone.GetUtcOffset(start));
    }
}
