using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Sdk;
using Calango.Web.Identity;

namespace Calango.Web.Hosting;

/// <summary>A failure in the form in which it leaves the server: never the words of an exception.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The end of the locale key <c>error.{code}</c>, and the code in problem+json.</param>
/// <param name="Arguments">What the sentence names.</param>
/// <param name="RetryAfterSeconds">When to try again; null: not by itself.</param>
public sealed record Fault(int Status, string Code, IReadOnlyList<(string Name, string Value)> Arguments, int? RetryAfterSeconds = null)
{
    private static readonly string[] MetElsewhere = ["provider.", "plugin.", "connection."];

    // ENOSPC, as .NET passes it on: of a temporary file, or of a key that had to be stored.
    private const int NoSpace = 28;

    /// <summary>The locale key of the sentence.</summary>
    public string Sentence { get; init; } = $"error.{Code}";

    /// <summary>Whether it is ours to look into.</summary>
    public bool IsUnexpected => Code == "server";

    /// <summary>Translates what was thrown.</summary>
    public static Fault Of(Exception exception) => exception switch
    {
        NotFoundException => OfStatus(StatusCodes.Status404NotFound),
        ModelFailedException failed => OfModel(failed.Failure),
        RejectedException { Code: "api.model" or "share.gone" } rejected => new(StatusCodes.Status404NotFound, rejected.Code, rejected.Arguments),
        RejectedException rejected when rejected.Code.StartsWith("quota.", StringComparison.Ordinal) => OfQuota(rejected),
        RejectedException { Code: SecondStepGuard.Code } rejected => new(StatusCodes.Status403Forbidden, rejected.Code, rejected.Arguments),
        RejectedException { Code: "collection.readOnly" or "template.readOnly" or "template.published" } rejected => new(StatusCodes.Status403Forbidden, rejected.Code, rejected.Arguments),
        RejectedException { Code: "document.tooLarge" } rejected => new(StatusCodes.Status413PayloadTooLarge, rejected.Code, rejected.Arguments),
        RejectedException { Code: "chat.busy" or "template.changed" } rejected => new(StatusCodes.Status409Conflict, rejected.Code, rejected.Arguments),
        RejectedException { Code: "streams.tooMany" } rejected => new(StatusCodes.Status429TooManyRequests, rejected.Code, rejected.Arguments),
        RejectedException rejected => new(StatusCodes.Status400BadRequest, rejected.Code, rejected.Arguments),
        StorageFullException => new(StatusCodes.Status507InsufficientStorage, "storage.full", []),
        IOException when IsFullDisk(exception) => Of(new StorageFullException(exception)),
        DatabaseUnavailableException => new(StatusCodes.Status503ServiceUnavailable, "database.unavailable", [], RetryAfterSeconds: 5),
        BlobException { Kind: BlobErrorKind.Full } => new(StatusCodes.Status507InsufficientStorage, "storage.full", []),
        BlobException => new(StatusCodes.Status503ServiceUnavailable, "files.unavailable", [], RetryAfterSeconds: 5),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        InvalidDataException => OfStatus(StatusCodes.Status400BadRequest),
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    };

    /// <summary>The locale key of what a model's service did wrong: said in the same words wherever it is met.</summary>
    public static string SentenceOfFailure(string code) =>
        Array.Exists(MetElsewhere, start => code.StartsWith(start, StringComparison.Ordinal)) ? $"failure.{code}" : $"chat.failure.{code}";

    private static Fault OfQuota(RejectedException rejected) => new(
        StatusCodes.Status429TooManyRequests, rejected.Code, rejected.Arguments,
        rejected.Arguments.FirstOrDefault(argument => argument.Name == "seconds").Value is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) ? seconds : null)
    {
        Sentence = SentenceOfFailure(rejected.Code),
    };

    // 4xx: another request may help; 502: the service is at fault; 503, 504: so is the moment.
    private static Fault OfModel(Failure failure)
    {
        int? seconds = failure.Arguments.TryGetValue("seconds", out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var wait) ? wait : null;
        var status = failure.Code switch
        {
            "provider.rateLimited" or "provider.rateLimitedUntil" => StatusCodes.Status429TooManyRequests,
            "provider.contextTooLong" or "provider.textTooLong" or "provider.invalidRequest" or "provider.contentRefused" or "completion.noTools" or "tools.refused" => StatusCodes.Status400BadRequest,
            "provider.modelNotFound" => StatusCodes.Status404NotFound,
            "connection.paused" or "plugin.notServing" or "plugin.stopped" or "provider.localModelUnavailable" or "storage.unavailable" => StatusCodes.Status503ServiceUnavailable,
            "provider.timedOut" or "timeout.firstToken" or "timeout.betweenTokens" or "timeout.whole" => StatusCodes.Status504GatewayTimeout,
            "unexpected" => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status502BadGateway,
        };
        return new Fault(status, failure.Code, [.. failure.Arguments.Select(argument => (argument.Key, argument.Value))], seconds) { Sentence = SentenceOfFailure(failure.Code) };
    }

    /// <summary>Whether a file had no room.</summary>
    public static bool IsFullDisk(Exception exception) => exception is IOException { HResult: NoSpace };

    /// <summary>What a bare status means.</summary>
    public static Fault OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new(status, "signIn", []),
        StatusCodes.Status403Forbidden => new(status, "forbidden", []),
        StatusCodes.Status404NotFound => new(status, "notFound", []),
        StatusCodes.Status405MethodNotAllowed => new(status, "notAllowed", []),
        StatusCodes.Status413PayloadTooLarge => new(status, "tooLarge", []),
        StatusCodes.Status429TooManyRequests => new(status, "tooMany", []),
        StatusCodes.Status503ServiceUnavailable => new(status, "stopping", [], RetryAfterSeconds: 5),
        >= 400 and < 500 => new(status, "badRequest", []),
        _ => new(status, "server", []),
    };
}
