namespace Calango.Core.Mail;

/// <summary>Why a message has not gone. In words it is the locale key <c>email.failure.{failure}</c>.</summary>
public enum MailFailure
{
    /// <summary>Nothing went wrong yet.</summary>
    None,

    /// <summary>The mail server's name does not resolve.</summary>
    HostNotFound,

    /// <summary>Nobody listens there.</summary>
    Unreachable,

    /// <summary>The way there could not be sealed.</summary>
    InsecureConnection,

    /// <summary>It does not accept the user and the password.</summary>
    SignInRefused,

    /// <summary>It cannot take the message now.</summary>
    Busy,

    /// <summary>It will not have the address that the message comes from.</summary>
    SenderRefused,

    /// <summary>It will not have the address that the message is for.</summary>
    RecipientRefused,

    /// <summary>It will not have the message.</summary>
    MessageRefused,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>What answered is no mail server.</summary>
    NoMailServer,

    /// <summary>The folder of messages cannot be written to.</summary>
    FolderNotWritable,

    /// <summary>What was stored cannot be read: it was sealed with other keys.</summary>
    Unreadable,

    /// <summary>It would have come too late to be of use.</summary>
    Expired,

    /// <summary>A fault of ours.</summary>
    Unexpected,
}

/// <summary>What a try to send came to.</summary>
/// <param name="Failure">Why the message has not gone; <see cref="MailFailure.None"/>: it has.</param>
/// <param name="Status">What the mail server answered, as its number; null: nothing.</param>
public readonly record struct MailOutcome(MailFailure Failure, int? Status = null)
{
    /// <summary>Whether it has gone.</summary>
    public bool IsSent => Failure == MailFailure.None;

    // What a server refuses for good, and what will not be different later. All else may be mended meanwhile.
    internal bool IsFinal => Failure is MailFailure.RecipientRefused or MailFailure.SenderRefused or MailFailure.MessageRefused or MailFailure.Expired or MailFailure.Unreadable;
}
