using Calango.Core.Data;
using Microsoft.AspNetCore.Connections;

namespace Calango.Web.Hosting;

/// <summary>Why a start that failed did so, in the one line that is then the last of the log.</summary>
internal static class StartFailure
{
    /// <summary>The line; null: it should not happen, and its places are worth more than words.</summary>
    public static string? LineOf(Exception failure) => failure switch
    {
        StartRefusedException or DatabaseRefusedException => failure.Message,
        DatabaseUnavailableException unavailable => $"The database cannot be opened: {unavailable.Reason}.",
        StorageFullException => "The disk has no room for the database.",
        IOException { InnerException: AddressInUseException } => $"{failure.Message} Stop what uses it, or name another address in urls (CALANGO_URLS).",
        AggregateException { InnerExceptions.Count: > 0 } several => several.InnerExceptions.Select(LineOf).FirstOrDefault(line => line is not null),
        _ => null,
    };
}
