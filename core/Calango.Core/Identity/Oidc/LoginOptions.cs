namespace Calango.Core.Identity;

/// <summary>What providers of logins may be.</summary>
public sealed class LoginOptions
{
    /// <summary>Whether a provider on this machine may be spoken to without TLS: for whoever develops or tests one.</summary>
    public bool AllowsPlainLoopback { get; init; }
}
