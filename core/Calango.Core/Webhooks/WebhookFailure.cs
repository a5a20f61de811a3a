using Calango.Sdk;

namespace Calango.Core.Webhooks;

/// <summary>Why a webhook was not told. In words it is the locale key <c>webhooks.failure.{failure}</c>.</summary>
public enum WebhookFailure
{
    /// <summary>Nothing went wrong.</summary>
    None,

    /// <summary>The name does not resolve.</summary>
    HostNotFound,

    /// <summary>It leads to this machine or its network.</summary>
    NotPublic,

    /// <summary>Nobody listens there.</summary>
    Unreachable,

    /// <summary>The way there could not be sealed.</summary>
    InsecureConnection,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>It sends on to another address.</summary>
    Redirected,

    /// <summary>It wants no messages any more.</summary>
    Gone,

    /// <summary>It answered that it had not taken it.</summary>
    Refused,

    /// <summary>It was too old when it could have been sent.</summary>
    Expired,

    /// <summary>The secret cannot be read: it was sealed with other keys.</summary>
    Unreadable,

    /// <summary>A fault of ours.</summary>
    Unexpected,
}

/// <summary>What a try to tell a webhook came to.</summary>
/// <param name="Failure">Why it was not told; <see cref="WebhookFailure.None"/>: it was.</param>
/// <param name="Status">What it answered; null: nothing.</param>
internal readonly record struct WebhookOutcome(WebhookFailure Failure, int? Status = null)
{
    public bool IsSent => Failure == WebhookFailure.None;

    // What will not be different later. All else may be mended meanwhile.
    public bool IsFinal => Failure is WebhookFailure.Gone or WebhookFailure.Expired or WebhookFailure.Unreadable;

    public static WebhookOutcome Of(int status) => new(
        status switch
        {
            >= 200 and < 300 => WebhookFailure.None,
            >= 300 and < 400 => WebhookFailure.Redirected,
            410 => WebhookFailure.Gone,
            _ => WebhookFailure.Refused,
        },
        status);

    public static WebhookOutcome Of(ProviderException exception) => new(exception.Kind switch
    {
        ProviderErrorKind.HostNotFound => WebhookFailure.HostNotFound,
        ProviderErrorKind.Forbidden => WebhookFailure.NotPublic,
        ProviderErrorKind.Unreachable => WebhookFailure.Unreachable,
        ProviderErrorKind.InsecureConnection => WebhookFailure.InsecureConnection,
        ProviderErrorKind.TimedOut => WebhookFailure.TimedOut,
        _ => WebhookFailure.ConnectionLost,
    });
}
