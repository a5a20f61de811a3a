namespace Calango.Sdk;

/// <summary>
/// The form of a blob's key: words with slashes between them, at most 512 characters. A word has lower-case letters, digits,
/// dots, hyphens and underscores, begins with a letter or a digit and has at most 100 characters. So a key is a path on every
/// system, leads nowhere else, and no two keys are one to a file system that doesn't tell letters by their case.
/// </summary>
public static class BlobKey
{
    /// <summary>The most characters of a key.</summary>
    public const int MaxLength = 512;

    private const int MaxWord = 100;

    /// <summary>Whether a text is a key.</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= MaxLength && text.Split('/').All(IsWord);

    /// <summary>Refuses what is no key.</summary>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.InvalidKey"/>.</exception>
    public static void Require(string text)
    {
        if (!IsValid(text))
        {
            throw new BlobException(BlobErrorKind.InvalidKey);
        }
    }

    private static bool IsWord(string word) =>
        word.Length is > 0 and <= MaxWord && char.IsAsciiLetterOrDigit(word[0]) && word[^1] != '.'
        && word.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '.' or '-' or '_');
}
