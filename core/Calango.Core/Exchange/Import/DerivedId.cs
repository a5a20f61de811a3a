using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Exchange;

/// <summary>
/// Ids of what comes from elsewhere. They follow from whose it is and from how it is named there: whoever brings the same again meets what
/// is there already. Like all ids they rise with time.
/// </summary>
internal static class DerivedId
{
    /// <summary>One.</summary>
    /// <param name="accountId">Whose it is.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="name">How it is named there.</param>
    /// <param name="at">When it was made; null: that is not known.</param>
    public static Guid Of(Guid accountId, string source, string name, DateTimeOffset? at)
    {
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{accountId:N}\n{source}\n{name}"), id);
        id = id[..16];
        var milliseconds = Math.Max(0, at?.ToUnixTimeMilliseconds() ?? 0);
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)milliseconds);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }

    /// <summary>One for what has an id of ours that is somebody else's here.</summary>
    public static Guid InPlaceOf(Guid accountId, Guid id) => Of(accountId, ChatFile.Schema, id.ToString("N"), TimeOf(id));

    private static DateTimeOffset? TimeOf(Guid id) => id.Version == 7
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(BinaryPrimitives.ReadInt64BigEndian(id.ToByteArray(bigEndian: true)) >>> 16, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        : null;
}
