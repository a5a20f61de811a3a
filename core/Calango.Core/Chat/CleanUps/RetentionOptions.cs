namespace Calango.Core.Chat;

/// <summary>How long is kept what the operator may want gone.</summary>
public sealed class RetentionOptions
{
    /// <summary>How long a deleted chat can be brought back.</summary>
    public TimeSpan DeletedChats { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an account that is to be removed can still be kept by whose it is.</summary>
    public TimeSpan Accounts { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long it is kept what was sent for an answer.</summary>
    public TimeSpan Traces { get; init; } = TimeSpan.FromDays(90);
}
