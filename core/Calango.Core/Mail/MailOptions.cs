namespace Calango.Core.Mail;

/// <summary>How messages leave the server. With neither a host nor a folder, none do.</summary>
public sealed record MailOptions
{
    /// <summary>The server that takes messages; null: none.</summary>
    public string? Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 587;

    /// <summary>How the way there is sealed.</summary>
    public MailSecurity Security { get; init; }

    /// <summary>As whom it is signed in there; null: it isn't.</summary>
    public string? User { get; init; }

    /// <summary>With what.</summary>
    public string? Password { get; init; }

    /// <summary>From which address messages come.</summary>
    public string From { get; init; } = "";

    /// <summary>Into which folder messages are put instead of being sent; null: none.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether messages leave the server.</summary>
    public bool IsOn => Host is not null || Folder is not null;

    /// <summary>Without the password.</summary>
    public override string ToString() => Host ?? Folder ?? "";
}

/// <summary>How the way to a mail server is sealed.</summary>
public enum MailSecurity
{
    /// <summary>It begins in the clear and must be sealed before anything is said (STARTTLS, RFC 3207).</summary>
    StartTls,

    /// <summary>It is sealed from the first byte (RFC 8314).</summary>
    Tls,

    /// <summary>It isn't: for a mail server on this machine.</summary>
    None,
}
