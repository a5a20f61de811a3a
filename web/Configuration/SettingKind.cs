using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Calango.Core.Data;
using Calango.Core.Mail;

namespace Calango.Web.Configuration;

/// <summary>What values a setting can have.</summary>
/// <param name="Permitted">In words, to follow "it can be".</param>
/// <param name="Read">The value as it counts; null: it is not permitted.</param>
internal sealed partial record SettingKind(string Permitted, Func<string, string?> Read)
{
    /// <summary>Any text.</summary>
    public static readonly SettingKind Text = new("any text", text => text);

    /// <summary>A folder; a relative one starts where the server was started.</summary>
    public static readonly SettingKind Folder = new("a folder", text => text.Contains('\0', StringComparison.Ordinal) ? null : Path.GetFullPath(text));

    /// <summary>Addresses to listen at.</summary>
    public static readonly SettingKind Listening = new(
        "an http address such as http://127.0.0.1:5080", text => IsAddress(text, "http") ? text : null)
    { IsList = true };

    /// <summary>An address of a service.</summary>
    public static readonly SettingKind Address = new("an http or https address", text => IsAddress(text, "http", "https") ? text : null)
    {
        Show = text => NameAndPassword().Replace(text, "//***@"),
    };

    /// <summary>A connection string of PostgreSQL.</summary>
    public static readonly SettingKind ConnectionString = new(
        "a connection string such as Host=db.example;Database=calango;Username=calango;Password=…", text => DatabaseOptions.IsConnectionString(text) ? text : null)
    {
        IsSecret = true,
        Show = DatabaseOptions.Masked,
    };

    /// <summary>Hosts with their ports.</summary>
    public static readonly SettingKind Hosts = new("a host and a port such as wiki.example:8080", text => HostAndPort().IsMatch(text) ? text : null) { IsList = true };

    /// <summary>The name of a machine, or its address.</summary>
    public static readonly SettingKind Host = new("the name of a host such as mail.example", text => Uri.CheckHostName(text) == UriHostNameType.Unknown ? null : text);

    /// <summary>Where pages are from, as browsers write it (RFC 6454, 6.1).</summary>
    public static readonly SettingKind Origins = new(
        "an origin such as https://notes.example, without a path", text => IsAddress(text, "http", "https") && new Uri(text).GetLeftPart(UriPartial.Authority) == text ? text : null)
    { IsList = true };

    /// <summary>An address of e-mail.</summary>
    public static readonly SettingKind MailAddress = new("an address such as calango@example.org", text => MailAddresses.IsOne(text) ? text : null);

    /// <summary>Addresses of machines.</summary>
    public static readonly SettingKind Network = new(
        "an IP address or a network such as 10.0.0.0/8", text => IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _) ? text : null)
    { IsList = true };

    /// <summary>The secret of a server: what somebody typed is none, nor what stands in an example.</summary>
    public static readonly SettingKind ServerSecret = new(
        "at least 32 characters that nobody can guess, as openssl rand -base64 32 makes them", text => text.Length >= 32 && text.Distinct().Count() >= 16 ? text : null)
    {
        IsSecret = true,
        Show = _ => "***",
    };

    /// <summary>A key that opens something.</summary>
    public static readonly SettingKind Secret = Text with { IsSecret = true, Show = _ => "***" };

    /// <summary>Several values are permitted.</summary>
    public bool IsList { get; init; }

    /// <summary>No message quotes the value; <see cref="Show"/> hides what nobody may see.</summary>
    public bool IsSecret { get; init; }

    /// <summary>A permitted value as it may be printed.</summary>
    public Func<string, string> Show { get; init; } = text => text;

    /// <summary>One of some names, in any case.</summary>
    public static SettingKind OneOf(params string[] names) => new(
        string.Join(" or ", names), text => Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A whole number.</summary>
    public static SettingKind Number(int least, int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? text : null);

    private static bool IsAddress(string text, params string[] schemes) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme);

    [GeneratedRegex(@"^[A-Za-z0-9.\-\[\]:]+:[0-9]{1,5}$")]
    private static partial Regex HostAndPort();

    [GeneratedRegex("//[^/@]*@")]
    private static partial Regex NameAndPassword();
}
