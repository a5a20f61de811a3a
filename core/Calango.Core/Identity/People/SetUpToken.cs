using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>
/// What the first person must know to make the first account: whoever reads the server's output runs the server. It follows from
/// the server's secret, so that all replicas print the same one, before and after a restart.
/// </summary>
public sealed class SetUpToken
{
    // Crockford's alphabet: no letter that is read as another.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 20;
    private const int Group = 5;

    internal SetUpToken(ServerSecret secret)
    {
        var bytes = secret.Derive("set-up token", Length);
        Text = string.Join('-', bytes.Select(value => Alphabet[value % Alphabet.Length]).Chunk(Group).Select(group => new string(group)));
    }

    /// <summary>As it is printed: a hundred bits.</summary>
    public string Text { get; }

    /// <summary>Whether it is this one, in any case, with or without dashes. Takes the same time for each wrong one of the same length.</summary>
    public bool Is(string? entered) => CryptographicOperations.FixedTimeEquals(Bytes(Text), Bytes(entered ?? ""));

    private static byte[] Bytes(string text) =>
        Encoding.UTF8.GetBytes(text.Trim().ToUpperInvariant().Replace("-", "", StringComparison.Ordinal));
}
