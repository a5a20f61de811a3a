using System.Globalization;
using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Localization;
using Calango.Web.Hosting;

namespace Calango.Web.Text;

/// <summary>Says things in the viewer's language: sentences, numbers, prices, times. In views it is <c>T</c>.</summary>
public sealed class PageText(Locales locales, Viewer viewer, TimeProvider clock)
{
    private const decimal NanoUsd = 1_000_000_000m;
    // The first that fits: browsers pretend to be each other.
    private static readonly (string Mark, string Name)[] Browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];
    private static readonly (string Mark, string Name)[] Systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];

    /// <summary>The culture of numbers and dates.</summary>
    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(viewer.Language);

    /// <summary>The sentence of a key.</summary>
    public string this[string key] => locales.Text(viewer.Language, key);

    /// <summary>The sentence of a key with its placeholders filled.</summary>
    public string this[string key, params (string Name, string Value)[] arguments] => locales.Text(viewer.Language, key, arguments);

    /// <summary>The singular or plural sentence, with <c>{count}</c> written as people of the language write numbers.</summary>
    public string Count(string key, long count) => locales.Plural(viewer.Language, key, count);

    /// <summary>The sentence for a failed request.</summary>
    public string Error(Fault fault) => locales.Text(viewer.Language, fault.Sentence, [.. fault.Arguments]);

    /// <summary>The sentence for a turn that did not end as it should.</summary>
    public string Failure(Turn turn) => turn.FailureCode is { } code
        ? locales.Text(viewer.Language, Fault.SentenceOfFailure(code), [.. Arguments(turn).Select(argument => (argument.Key, argument.Value))])
        : this[$"turn.ended.{turn.State}"];

    /// <summary>What the model's service itself said about a failure, as a quotation; null: nothing.</summary>
    public string? ServiceMessage(Turn turn) =>
        Arguments(turn).TryGetValue("serviceMessage", out var message) ? this["failure.serviceSaid", ("serviceMessage", message)] : null;

    /// <summary>The sentence for where a running turn is.</summary>
    public string Progress(TurnProgress progress) => progress switch
    {
        { Phase: TurnPhase.Queued, QueuePlace: { } place } => this["turn.queuedAt", ("place", Number(place))],
        { Phase: TurnPhase.Retrying, RetryIn: { } wait } => this["turn.retryingIn", ("time", Duration(wait))],
        { Phase: TurnPhase.FallingBack, Model: { } model } => this["turn.fallingBack", ("model", model)],
        _ => this[$"turn.{progress.Phase}"],
    };

    /// <summary>A whole number with the language's own separators.</summary>
    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A number with at most one decimal.</summary>
    public string Decimal(double value) => value.ToString("#,0.#", Culture);

    /// <summary>Who has answered in a turn: a model, or the documents themselves.</summary>
    public string Answerer(Turn turn) => turn.Model == QuotedAnswer.Model ? this["message.quoted"] : turn.ModelName;

    /// <summary>A share of 0 to 1, in whole percents.</summary>
    public string Percent(double share) => share.ToString("P0", Culture);

    /// <summary>Billionths of a US dollar, with as many decimals as the amount needs.</summary>
    public string Cost(long nanoUsd)
    {
        var dollars = nanoUsd / NanoUsd;
        return "US$ " + dollars.ToString(dollars is 0 or >= 1 ? "N2" : dollars >= 0.01m ? "N3" : "N6", Culture);
    }

    /// <summary>A length of time as a reader would say it: 0.8 s, 12 s, 3 min 20 s.</summary>
    public string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => $"{time.TotalSeconds.ToString("0.0", Culture)} s",
        < 60 => $"{time.TotalSeconds.ToString("0", Culture)} s",
        _ => $"{((int)time.TotalMinutes).ToString(Culture)} min {time.Seconds.ToString(Culture)} s",
    };

    /// <summary>The time of day, with the date if that isn't today.</summary>
    public string Moment(DateTimeOffset at)
    {
        var local = Local(at);
        return local.Date == clock.GetLocalNow().Date ? local.ToString("t", Culture) : local.ToString("g", Culture);
    }

    /// <summary>The date.</summary>
    public string Day(DateTimeOffset at) => Local(at).ToString("d", Culture);

    /// <summary>The date and the time of day, on whichever day it is read.</summary>
    public string Dated(DateTimeOffset at) => Local(at).ToString("g", Culture);

    /// <summary>The time of day, to the second.</summary>
    public string Second(DateTimeOffset at) => Local(at).ToString("T", Culture);

    /// <summary>The heading under which a chat of that time is listed.</summary>
    public string Period(DateTimeOffset at)
    {
        var (day, today) = (Local(at).Date, clock.GetLocalNow().Date);
        return (today - day).Days switch
        {
            <= 0 => this["sidebar.today"],
            1 => this["sidebar.yesterday"],
            <= 7 => this["sidebar.week"],
            <= 30 => this["sidebar.month"],
            _ => Culture.TextInfo.ToTitleCase(day.ToString("MMMM", Culture)) + day.ToString(" yyyy", Culture),
        };
    }

    /// <summary>The name of a role.</summary>
    public string Role(Role role) => role.ComesAlong ? this[$"role.{role.Name}"] : role.Name;

    /// <summary>What a browser is, as far as it says: anything else would be made up.</summary>
    public string Device(string userAgent)
    {
        var browser = Array.Find(Browsers, name => userAgent.Contains(name.Mark, StringComparison.Ordinal)).Name;
        var system = Array.Find(Systems, name => userAgent.Contains(name.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (null, null) => this["sessions.device.unknown"],
            (null, { } only) => only,
            ({ } only, null) => only,
            _ => this["sessions.device", ("browser", browser), ("system", system)],
        };
    }

    private static Dictionary<string, string> Arguments(Turn turn) =>
        turn.FailureArguments is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [] : [];

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone);
}
