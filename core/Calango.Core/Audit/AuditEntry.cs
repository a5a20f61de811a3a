using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Audit;

/// <summary>One act, as it was written down. It is never changed: its hash covers it and all that came before it.</summary>
public sealed class AuditEntry
{
    /// <summary>Its place, from 1 on and without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>When, to the millisecond.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who did it; null: nobody who had signed in.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>What was done: one of <see cref="AuditActs"/>.</summary>
    public required string Act { get; init; }

    /// <summary>To whom or what: an id, or the address of a page without what was typed.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the request came from; empty: the server did it itself.</summary>
    public required string Address { get; init; }

    /// <summary>The request, as the log names it; empty: there was none.</summary>
    public required string RequestId { get; init; }

    /// <summary>HMAC-SHA-256 (RFC 2104) of the hash before it and of all fields.</summary>
    public byte[] Hash { get; init; } = [];

    internal byte[] ComputeHash(byte[] key, byte[] before)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(before);
            writer.Write(Sequence);
            writer.Write(At.ToUnixTimeMilliseconds());
            writer.Write((AccountId ?? Guid.Empty).ToByteArray());
            // Each with its length before it: no two entries have the same bytes.
            writer.Write(Act);
            writer.Write(Subject);
            writer.Write(Address);
            writer.Write(RequestId);
        }

        return HMACSHA256.HashData(key, bytes.ToArray());
    }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit_entries");
            builder.HasKey(entry => entry.Sequence);
            builder.Property(entry => entry.Sequence).ValueGeneratedNever();
            builder.Property(entry => entry.Act).HasMaxLength(100);
            builder.Property(entry => entry.Subject).HasMaxLength(300);
            builder.Property(entry => entry.Address).HasMaxLength(64);
            builder.Property(entry => entry.RequestId).HasMaxLength(100);
        }
    }
}
