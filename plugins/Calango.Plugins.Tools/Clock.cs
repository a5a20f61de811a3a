using System.Globalization;

namespace Calango.Plugins.Tools;

/// <summary>Dates and times in any zone.</summary>
internal static class Clock
{
    /// <exception cref="ToolFailure">The zone or the moment is none.</exception>
    public static string Say(string? zone, string? moment, TimeProvider clock)
    {
        var place = ZoneOf(zone);
        var local = TimeZoneInfo.ConvertTime(MomentOf(moment, clock), place);
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd'T'HH:mm:sszzz} ({local:dddd}, week {ISOWeek.GetWeekOfYear(local.Date)}, day {local.DayOfYear} of the year, {place.Id}{(place.IsDaylightSavingTime(local) ? ", daylight saving time" : "")})");
    }

    private static TimeZoneInfo ZoneOf(string? zone) =>
        zone is not { Length: > 0 } ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found
        : throw new ToolFailure($"'{zone}' is no IANA time zone; one is America/Sao_Paulo.");

    private static DateTimeOffset MomentOf(string? moment, TimeProvider clock) =>
        moment is not { Length: > 0 } ? clock.GetUtcNow()
        : DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new ToolFailure($"'{moment}' is no ISO 8601 moment; one is 2026-03-01T12:00:00Z.");
}
