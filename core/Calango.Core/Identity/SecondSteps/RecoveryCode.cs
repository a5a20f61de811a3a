using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>What stands in, once, for a device that somebody has not at hand. It is gone when it was used.</summary>
public sealed class RecoveryCode
{
    /// <summary>How many somebody is given at once.</summary>
    public const int Count = 10;

    // Crockford's alphabet, of 32 letters: none is read as another.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    // Of 120 bits: below 112 a plain hash would not do (OWASP ASVS 5.0, 6.5.2).
    private const int Length = 24;
    private const int Group = 4;

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The SHA-256 of its text: who reads the table has no code.</summary>
    internal byte[] TextHash { get; init; } = [];

    /// <summary>One that nobody had before, as it is shown.</summary>
    internal static string NewText() =>
        string.Join('-', RandomNumberGenerator.GetString(Alphabet, Length).Chunk(Group).Select(group => new string(group)));

    /// <summary>The hash of one as somebody writes it: in any case, with or without dashes and spaces, with letters for the digits that look like them.</summary>
    internal static byte[] HashOf(string text)
    {
        var letters = text.ToUpperInvariant().Where(letter => letter != '-' && !char.IsWhiteSpace(letter)).Select(letter => letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter });
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(letters)));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<RecoveryCode>
    {
        public void Configure(EntityTypeBuilder<RecoveryCode> builder)
        {
            builder.ToTable("recovery_codes");
            builder.HasKey(code => new { code.AccountId, code.TextHash });
            builder.Property(code => code.TextHash);
            builder.HasOne<SecondStep>().WithMany().HasForeignKey(code => code.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
