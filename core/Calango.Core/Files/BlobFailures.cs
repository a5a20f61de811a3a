using System.Text.Json;
using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Files;

/// <summary>Puts failures of stores into words.</summary>
public static class BlobFailures
{
    internal static string CodeOf(BlobException exception) => "storage." + JsonNamingPolicy.CamelCase.ConvertName(exception.Kind.ToString());

    /// <summary>The failure that an administrator is told.</summary>
    internal static Failure Of(BlobException exception) => new(
        CodeOf(exception), exception.ServiceMessage is { Length: > 0 } said ? new Dictionary<string, string> { ["serviceMessage"] = said } : []);
}
