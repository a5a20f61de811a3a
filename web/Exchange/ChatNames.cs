using System.Globalization;
using Calango.Core.Chat;

namespace Calango.Web.Exchange;

/// <summary>Names of files of chats, which every system takes.</summary>
internal static class ChatNames
{
    private const int Longest = 80;

    // What some system takes for a folder, a wildcard or a stream.
    private const string Special = "\\/:*?\"<>|";

    /// <summary>That of a chat, without an end.</summary>
    public static string Of(Conversation chat, string untitled)
    {
        var title = new string([.. (chat.Title ?? untitled).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) || Special.Contains(letter, StringComparison.Ordinal) ? ' ' : letter)]);
        title = string.Join(' ', title.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim('.', ' ');
        title = title[..Math.Min(title.Length, Longest)].Trim('.', ' ');
        return title.Length > 0 ? title : untitled;
    }

    /// <summary>That of a chat among others: by its day, and unlike all before.</summary>
    public static string Among(ISet<string> taken, Conversation chat, string untitled)
    {
        var name = $"{chat.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {Of(chat, untitled)}";
        var (unlike, number) = (name, 1);
        while (!taken.Add(unlike.ToUpperInvariant()))
        {
            unlike = $"{name} ({++number})";
        }

        return unlike;
    }
}
