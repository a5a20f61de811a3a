using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Calango.Core.Identity;

/// <summary>
/// Hashes passwords as Identity does, and counts that: it is the dearest work that a stranger can ask for, and must be the same for an
/// address that somebody has and for one that nobody has. Thread-safe.
/// </summary>
public sealed class PasswordHashes : PasswordHasher<Credentials>
{
    private const string Purpose = "calango.password.purpose";

    private static readonly Credentials Nobody = new() { Email = "" };
    private readonly Counter<long> _hashes;
    private readonly string _decoy;

    /// <param name="meters">Makes what it is counted with.</param>
    /// <param name="options">How strong a hash is.</param>
    public PasswordHashes(IMeterFactory meters, IOptions<PasswordHasherOptions> options)
        : base(options)
    {
        _hashes = meters.Create(Instrumentation.Name).CreateCounter<long>("calango.password.hashes", description: "Passwords that were hashed, to be kept or to be compared.");
        _decoy = base.HashPassword(Nobody, Credentials.NewStamp());
    }

    /// <summary>Does the work of a comparison where there is nothing to compare with.</summary>
    public void CompareWithNothing(string password) => VerifyHashedPassword(Nobody, _decoy, password);

    /// <inheritdoc/>
    public override string HashPassword(Credentials user, string password)
    {
        _hashes.Add(1, KeyValuePair.Create<string, object?>(Purpose, "keep"));
        return base.HashPassword(user, password);
    }

    /// <inheritdoc/>
    public override PasswordVerificationResult VerifyHashedPassword(Credentials user, string hashedPassword, string providedPassword)
    {
        _hashes.Add(1, KeyValuePair.Create<string, object?>(Purpose, "compare"));
        return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
