using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Events;

/// <summary>Puts failures of sinks into words.</summary>
internal static class SinkFailures
{
    /// <summary>The failure that a person is told. Arguments as those of <see cref="ProviderFailures"/>.</summary>
    public static Failure Of(Exception exception, string host) => exception switch
    {
        ProviderException provider => InOwnWords(ProviderFailures.ToFailure(provider, host)),
        PluginFault fault => ProviderFailures.ToFailure(fault, host),
        _ => InOwnWords(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.TimedOut), host)),
    };

    // What is said of a model's service may be no help here.
    private static Failure InOwnWords(Failure failure) => failure.Code switch
    {
        "provider.connectionLost" => failure with { Code = "sink.connectionLost" },
        "provider.endpointNotFound" => failure with { Code = "sink.endpointNotFound" },
        "provider.invalidRequest" => failure with { Code = "sink.invalidRequest" },
        "provider.invalidSettings" => failure with { Code = "sink.invalidSettings" },
        "provider.serviceFailed" => failure with { Code = "sink.serviceFailed" },
        "provider.timedOut" => failure with { Code = "sink.timedOut" },
        "provider.unexpectedFormat" or "provider.streamTooLarge" => failure with { Code = "sink.unexpectedFormat" },
        _ => failure,
    };
}
