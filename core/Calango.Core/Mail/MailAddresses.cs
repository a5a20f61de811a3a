using System.Globalization;

namespace Calango.Core.Mail;

/// <summary>Which addresses mail is sent to: what could be anything else in a header or a command of SMTP is none.</summary>
public static class MailAddresses
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private const string LocalMarks = "!#$%&'*+-/=?^_`{|}~.";

    /// <summary>Whether it is one: a part of letters, digits and the usual marks, an @, and the name of a host (RFC 5321, 4.1.2).</summary>
    public static bool IsOne(string? text)
    {
        if (text is null or { Length: > MaxLength } || text.Split('@') is not [var local, var host])
        {
            return false;
        }

        return local.Length is > 0 and <= MaxLocalLength
            && local.All(letter => char.IsAsciiLetterOrDigit(letter) || LocalMarks.Contains(letter, StringComparison.Ordinal))
            && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
            && IsHost(host);
    }

    /// <summary>The host of an address, as it is compared.</summary>
    public static string HostOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    /// <summary>The domain of an address as it is compared; null: it is none, or can be taken for another.</summary>
    public static string? DomainOf(string address) => IsOne(address) ? AsciiOf(HostOf(address)) : null;

    /// <summary>A domain as it is compared: in ASCII and small letters. Null: it is none, or can be taken for another.</summary>
    public static string? AsciiOf(string domain)
    {
        var lower = domain.ToLowerInvariant();
        if (!IsHost(lower))
        {
            return null;
        }

        // Letters that only look like others are mapped to those: it would be compared with one domain, and mail would go to another.
        var names = new IdnMapping { UseStd3AsciiRules = true };
        var ascii = names.GetAscii(lower);
        return lower == ascii || names.GetUnicode(ascii) == lower ? ascii : null;
    }

    private static bool IsHost(string host)
    {
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetAscii(host).Split('.').All(label => label.Length is > 0 and <= 63);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
