using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Chat;

/// <summary>Says how a turn ended: the one place that tells stopped, failed and interrupted apart.</summary>
internal static class TurnFailures
{
    private static readonly string[] OfConnection = ["provider.", "timeout.", "connection.", "plugin.", "stream.", "answer.", "tools.refused"];

    /// <summary>How the codes of a quota that has no room begin.</summary>
    public const string Quota = "quota.";

    /// <summary>The code of what should not happen.</summary>
    public const string Unexpected = "unexpected";

    /// <summary>The outcome of a call that brought all that it was to bring.</summary>
    public const string Well = "ok";

    /// <summary>The outcome of a call that a person ended.</summary>
    public const string Stopped = "stopped";

    /// <summary>Whether a code speaks of the connection or of the service behind it, and not of this server or of the message.</summary>
    public static bool IsOfConnection(string code) => OfConnection.Any(start => code.StartsWith(start, StringComparison.Ordinal)) && code != "provider.contentRefused";

    /// <summary>The stream came to its end by itself. Only a model that says why it finished has finished.</summary>
    public static TurnEnd EndOfStream(AnswerInProgress answer, TurnRun run) => answer switch
    {
        { FinishReason: "content_filter" } => new TurnEnd(TurnState.Failed, new Failure("provider.contentRefused")),
        { FinishReason: null } => new TurnEnd(TurnState.Interrupted, new Failure("stream.unfinished")),
        { Length: 0 } when run.TextBefore.Length == 0 => new TurnEnd(TurnState.Failed, new Failure("answer.empty")),
        _ => new TurnEnd(TurnState.Complete),
    };

    /// <summary>The turn ended with an exception.</summary>
    public static TurnEnd EndAfter(Exception exception, TurnRun run, AnswerInProgress answer, CatalogModel? model)
    {
        if (run.ServerStops)
        {
            return new TurnEnd(TurnState.Interrupted, new Failure("server.stopped"));
        }

        if (run.StopRequested.IsCancellationRequested)
        {
            return new TurnEnd(TurnState.Stopped);
        }

        if (answer.Limits is { Expired: true } limits)
        {
            return limits.WholeExpired ? new TurnEnd(TurnState.Interrupted, new Failure("timeout.whole"))
                : answer.HasStarted ? new TurnEnd(TurnState.Interrupted, new Failure("timeout.betweenTokens"))
                : new TurnEnd(TurnState.Failed, new Failure("timeout.firstToken"));
        }

        var failure = FailureOf(exception, model?.Host ?? run.Turn.ModelName, run.Turn.ModelName, run.Tools.Declarations.Count > 0);
        if (answer.HasStarted && exception is ProviderException { Kind: ProviderErrorKind.UnexpectedFormat })
        {
            // The address is right: an answer came from it.
            failure = failure with { Code = "provider.brokenFormat" };
        }

        var cut = answer.HasStarted && exception is ProviderException { Kind: ProviderErrorKind.ConnectionLost or ProviderErrorKind.StreamTooLarge or ProviderErrorKind.UnexpectedFormat }
            or PluginFault { ExceptionType: PluginFault.StoppedType } or RejectedException { Code: "tools.notApproved" }
            || (answer.HasStarted && exception is RejectedException quota && quota.Code.StartsWith(Quota, StringComparison.Ordinal));
        return new TurnEnd(cut ? TurnState.Interrupted : TurnState.Failed, failure);
    }

    /// <summary>The outcome of one call, for the trace.</summary>
    public static string CodeOf(Exception exception, TurnRun run, AnswerInProgress answer) =>
        EndAfter(exception, run, answer, null) is { Failure.Code: var code } ? code : Stopped;

    /// <summary>What a call failed with, in the form in which it is said.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="host">What people call the place that was asked.</param>
    /// <param name="model">What they call the model.</param>
    /// <param name="offersTools">Whether it was offered tools: a service that knows none may refuse for that.</param>
    public static Failure FailureOf(Exception exception, string host, string model, bool offersTools) => exception switch
    {
        ProviderException { Kind: ProviderErrorKind.InvalidRequest or ProviderErrorKind.EndpointNotFound or ProviderErrorKind.ServiceFailed, ServiceMessage: { } said } refused
            when offersTools && said.Contains("tool", StringComparison.OrdinalIgnoreCase) => ProviderFailures.ToFailure(refused, host, model) with { Code = "tools.refused" },
        ProviderException provider => ProviderFailures.ToFailure(provider, host, model),
        ConnectionPausedException paused => ProviderFailures.ToFailure(paused, host),
        PluginFault fault => ProviderFailures.ToFailure(fault, host, model),
        RejectedException rejected => new Failure(rejected.Code, rejected.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value)),
        BlobException => new Failure("files.unavailable"),
        StorageFullException => new Failure("storage.full"),
        DatabaseUnavailableException => new Failure("storage.unavailable"),
        _ => new Failure(Unexpected),
    };
}
