namespace Calango.Sdk;

/// <summary>
/// A store of blobs did not do what was asked. Carries strings and numbers only, so that nothing of a plugin's own code is
/// kept alive by it. People are shown a sentence chosen by <see cref="Kind"/>.
/// </summary>
public sealed class BlobException : Exception
{
    /// <summary>Makes one. <paramref name="serviceMessage"/> is cut to 500 characters; it must not contain a key or secret.</summary>
    public BlobException(BlobErrorKind kind, string? serviceMessage = null)
        : base(kind.ToString())
    {
        Kind = kind;
        ServiceMessage = serviceMessage is { Length: > 500 } ? serviceMessage[..500] : serviceMessage;
    }

    /// <summary>What went wrong.</summary>
    public BlobErrorKind Kind { get; }

    /// <summary>What the service itself said: a stranger's words, shown quoted and never interpreted, never logged.</summary>
    public string? ServiceMessage { get; }
}

/// <summary>The ways a store fails, told apart as far as somebody can act differently on them.</summary>
public enum BlobErrorKind
{
    /// <summary>There is no blob of this key.</summary>
    NotFound,

    /// <summary>The key has not the form of <see cref="BlobKey"/>; nothing was touched.</summary>
    InvalidKey,

    /// <summary>The range begins behind the end of the blob.</summary>
    InvalidRange,

    /// <summary>A setting is missing or of the wrong form; nothing was sent.</summary>
    InvalidSettings,

    /// <summary>The store cannot be reached.</summary>
    Unreachable,

    /// <summary>The store doesn't know the access key, or the secret is wrong.</summary>
    Unauthorized,

    /// <summary>The access key is known and may not do this.</summary>
    Forbidden,

    /// <summary>There is no bucket or folder of this name.</summary>
    PlaceNotFound,

    /// <summary>There is no room.</summary>
    Full,

    /// <summary>What is stored is not what was put there.</summary>
    Damaged,

    /// <summary>The store is in trouble; it may be over later.</summary>
    Failed,
}
