using System.Globalization;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Turns what a model service did wrong into something that can be said to a person.</summary>
public static class ProviderFailures
{
    /// <summary>The failure with the code <c>provider.{kind}</c>; its arguments are <c>service</c>, what the service said, and <c>status</c>.</summary>
    public static Failure ToFailure(ProviderException exception)
    {
        var arguments = new Dictionary<string, string>();
        if (exception.ServiceMessage is { Length: > 0 } message)
        {
            arguments["service"] = message;
        }

        if (exception.StatusCode is { } status)
        {
            arguments["status"] = status.ToString(CultureInfo.InvariantCulture);
        }

        var kind = exception.Kind.ToString();
        return new Failure($"provider.{char.ToLowerInvariant(kind[0])}{kind[1..]}", arguments);
    }
}
