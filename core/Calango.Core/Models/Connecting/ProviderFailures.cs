using System.Globalization;
using System.Text.Json;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Puts failures of model services into words: one code for each thing that a person can do something about.</summary>
public static class ProviderFailures
{
    /// <summary>
    /// The failure that a person is told. Arguments: <c>host</c>, <c>model</c>, and where known <c>status</c>, <c>seconds</c>
    /// to wait, and <c>serviceMessage</c>, which no sentence has inside: show it beside, as a quotation.
    /// </summary>
    public static Failure ToFailure(ProviderException exception, string host, string? model = null)
    {
        var arguments = Arguments(host, model);
        Add(arguments, "status", exception.StatusCode?.ToString(CultureInfo.InvariantCulture));
        Add(arguments, "seconds", exception.RetryAfter is { } wait ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);
        Add(arguments, "serviceMessage", exception.ServiceMessage);
        return new Failure(CodeOf(exception), arguments);
    }

    /// <inheritdoc cref="ToFailure(ProviderException, string, string?)"/>
    public static Failure ToFailure(PluginFault fault, string host, string? model = null)
    {
        var arguments = Arguments(host, model);
        arguments["plugin"] = fault.PluginId;
        return new Failure(fault.ExceptionType switch
        {
            PluginFault.NotServingType => "plugin.notServing",
            PluginFault.StoppedType => "plugin.stopped",
            _ => "plugin.fault",
        }, arguments);
    }

    /// <summary>The failure that a person is told where a service isn't asked for a while. Arguments: <c>host</c> and <c>seconds</c>.</summary>
    public static Failure ToFailure(ConnectionPausedException paused, string host) => new("connection.paused", new Dictionary<string, string>
    {
        ["host"] = host,
        ["seconds"] = Math.Ceiling(paused.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture),
    });

    private static Dictionary<string, string> Arguments(string host, string? model) => new() { ["host"] = host, ["model"] = model ?? host };

    private static void Add(Dictionary<string, string> arguments, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            arguments[name] = value;
        }
    }

    // "It will work again in {seconds} s" is another sentence than "wait a little".
    private static string CodeOf(ProviderException exception) => exception is { Kind: ProviderErrorKind.RateLimited, RetryAfter: not null }
        ? "provider.rateLimitedUntil"
        : "provider." + JsonNamingPolicy.CamelCase.ConvertName(exception.Kind.ToString());
}
