namespace Calango.Core.Identity;

/// <summary>How long people stay signed in.</summary>
public sealed class SessionLimits
{
    /// <summary>How long a session lasts at most, however much it is used.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(30);
}
