using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Identity;

namespace Calango.Core.Sharing;

/// <summary>A link that somebody wants.</summary>
/// <param name="IsLive">Whether the chat is shown as it is, and not as it is now.</param>
/// <param name="ExpiresAt">Until when; null: until it is revoked.</param>
/// <param name="Password">What it takes besides the link; null: nothing.</param>
public sealed record NewShare(bool IsLive, DateTimeOffset? ExpiresAt, string? Password)
{
    /// <summary>The shortest password.</summary>
    public const int MinPasswordLength = 8;

    /// <exception cref="RejectedException"><c>share.past</c> or <c>share.password</c>.</exception>
    internal void Validate(DateTimeOffset now)
    {
        if (ExpiresAt <= now)
        {
            throw new RejectedException("share.past");
        }

        if (Password is { Length: < MinPasswordLength or > Credentials.MaxPasswordLength })
        {
            throw new RejectedException("share.password", ("least", MinPasswordLength.ToString(CultureInfo.InvariantCulture)), ("most", Credentials.MaxPasswordLength.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
