using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Webhooks;

/// <summary>What messages are signed with, as the Standard Webhooks say it.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="secret">As <see cref="Make"/> made it.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>.</param>
    /// <param name="body">What is sent, byte for byte.</param>
    public static string Sign(string secret, string id, long timestamp, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed));
    }
}
