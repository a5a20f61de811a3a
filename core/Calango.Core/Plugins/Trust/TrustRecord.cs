namespace Calango.Core.Plugins;

/// <summary>What is stored of whom this server trusts.</summary>
internal sealed record TrustRecord
{
    public IReadOnlyList<TrustedPublisher> Publishers { get; init; } = [];

    /// <summary>Keys and packages' digests that were taken back.</summary>
    public IReadOnlyList<string> Revoked { get; init; } = [];

    /// <summary>Those of them that an administrator has allowed again.</summary>
    // The generated reader sets what is missing to null.
    public IReadOnlyList<string> Allowed { get; init => field = value ?? []; } = [];
}

/// <summary>A publisher whose signature is enough for a plugin to run in the server's process.</summary>
/// <param name="Name">As its packages must name it.</param>
/// <param name="Key">The key's id.</param>
/// <param name="PublicKey">Base64.</param>
/// <param name="Since">Since when it is trusted.</param>
public sealed record TrustedPublisher(string Name, string Key, string PublicKey, DateTimeOffset Since);
