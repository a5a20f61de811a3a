using System.Net;

namespace Calango.Core.Identity;

/// <summary>Where a provider may be: on https; on this machine without TLS too, where that was allowed.</summary>
internal static class ProviderAddress
{
    /// <summary>Reads the name of an issuer, which is an address without a query.</summary>
    /// <exception cref="LoginRefusedException">It is none.</exception>
    public static Uri ReadIssuer(string text, bool allowsPlain) =>
        Read(text, allowsPlain) is { Query.Length: 0 } issuer && !text.EndsWith('?') ? issuer : throw new LoginRefusedException(LoginRefusal.AddressNotSecure);

    /// <summary>Reads an address to which a provider sends people or us.</summary>
    /// <exception cref="LoginRefusedException">It is none.</exception>
    public static Uri Read(string text, bool allowsPlain) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSecure(address, allowsPlain)
        && address.UserInfo.Length == 0 && !text.Contains('#', StringComparison.Ordinal) && !text.Any(char.IsControl) && text.Trim() == text
            ? address
            : throw new LoginRefusedException(LoginRefusal.AddressNotSecure);

    private static bool IsSecure(Uri address, bool allowsPlain) =>
        address.Scheme == Uri.UriSchemeHttps || (allowsPlain && address.Scheme == Uri.UriSchemeHttp && IsThisMachine(address));

    // A name is what its resolver says; these two are this machine everywhere.
    private static bool IsThisMachine(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) && IPAddress.IsLoopback(literal));
}
