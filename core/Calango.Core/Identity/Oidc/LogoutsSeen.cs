using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>The logout tokens of the last while: one that is older is refused for its age. Thread-safe.</summary>
internal sealed class LogoutsSeen
{
    // Longer than a token can be good: TokenClaims holds that.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = [];
    private readonly Queue<(string Id, DateTimeOffset At)> _order = [];

    /// <summary>Remembers one.</summary>
    /// <exception cref="LoginRefusedException">It was here before.</exception>
    public void Add(Guid providerId, string tokenId, DateTimeOffset now)
    {
        // A digest: whatever a provider names its tokens, each takes the same room.
        var id = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{providerId} {tokenId}")));
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && oldest.At < now - Kept)
            {
                _seen.Remove(_order.Dequeue().Id);
            }

            if (!_seen.Add(id))
            {
                throw new LoginRefusedException(LoginRefusal.LogoutReplayed);
            }

            _order.Enqueue((id, now));
        }
    }
}
