using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>Puts failures of servers of tools into words.</summary>
internal static class ToolFailures
{
    /// <summary>The failure that an administrator is told.</summary>
    public static Failure Of(Exception exception, ToolServer server) => exception switch
    {
        ProviderException provider => InOwnWords(ProviderFailures.ToFailure(provider, server.Name)),
        PluginFault fault => ProviderFailures.ToFailure(fault, server.Name),
        _ => InOwnWords(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.TimedOut), server.Name)),
    };

    /// <summary>That a server needs something of the person who would use it.</summary>
    public static Failure LacksYours(ToolServer server) => new("toolServer.lacksYours", new Dictionary<string, string> { ["host"] = server.Name });

    // What is said of a model's service may be no help here.
    private static Failure InOwnWords(Failure failure) => failure.Code switch
    {
        "provider.connectionLost" or "provider.unexpectedFormat" or "provider.streamTooLarge" or "provider.modelNotFound" => failure with { Code = "toolServer.unexpectedFormat" },
        "provider.endpointNotFound" => failure with { Code = "toolServer.endpointNotFound" },
        "provider.invalidRequest" => failure with { Code = "toolServer.invalidRequest" },
        "provider.invalidSettings" => failure with { Code = "toolServer.invalidSettings" },
        "provider.serviceFailed" or "provider.localModelUnavailable" => failure with { Code = "toolServer.failed" },
        "provider.timedOut" => failure with { Code = "toolServer.timedOut" },
        _ => failure,
    };
}
