using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>Puts failures of indexes into words.</summary>
internal static class IndexFailures
{
    public static string CodeOf(ProviderException exception) => exception.Kind switch
    {
        ProviderErrorKind.InvalidSettings => "index.invalidSettings",
        ProviderErrorKind.HostNotFound or ProviderErrorKind.Unreachable or ProviderErrorKind.InsecureConnection or ProviderErrorKind.ConnectionLost => "index.unreachable",
        ProviderErrorKind.Unauthorized => "index.unauthorized",
        ProviderErrorKind.Forbidden => "index.forbidden",
        ProviderErrorKind.TimedOut => "index.timedOut",
        ProviderErrorKind.EndpointNotFound or ProviderErrorKind.UnexpectedFormat => "index.unexpected",
        _ => "index.failed",
    };

    /// <summary>The failure that an administrator is told.</summary>
    public static Failure Of(ProviderException exception) =>
        new(CodeOf(exception), exception.ServiceMessage is { Length: > 0 } said ? new Dictionary<string, string> { ["serviceMessage"] = said } : []);
}
