using System.Buffers.Text;

namespace Calango.Core.Identity;

/// <summary>Base64url of which each value has one form: no padding, no blanks, no bits to spare. A text that can be changed and still means the same could be replayed.</summary>
internal static class CanonicalBase64
{
    /// <summary>The bytes; null: it is not in its one form.</summary>
    public static byte[]? Read(ReadOnlySpan<char> text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
