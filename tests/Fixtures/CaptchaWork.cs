using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Tests.Fixtures;

/// <summary>The work that a form before the door asks of a browser, done after ALTCHA's first version and apart from the server's own.</summary>
/// <param name="Algorithm">The hash.</param>
/// <param name="Challenge">What comes of it.</param>
/// <param name="Number">The number that was looked for.</param>
/// <param name="Salt">What it follows.</param>
/// <param name="Signature">That the server asked.</param>
public sealed record CaptchaWork(string Algorithm, string Challenge, int Number, string Salt, string Signature)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As a form sends it.</summary>
    [JsonIgnore]
    public string Answer => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>Asks the server for some, and does it.</summary>
    public static async Task<CaptchaWork> DoAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var asked = await http.GetFromJsonAsync<Asked>("/captcha", cancellationToken);
        return Do(asked!.Algorithm, asked.Challenge, asked.MaxNumber, asked.Salt, asked.Signature);
    }

    /// <summary>Does it.</summary>
    public static CaptchaWork Do(string algorithm, string challenge, int most, string salt, string signature) =>
        new(algorithm, challenge, Enumerable.Range(0, most + 1).First(number => HashOf(salt, number) == challenge), salt, signature);

    /// <summary>What comes of a number.</summary>
    public static string HashOf(string salt, int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + number.ToString(CultureInfo.InvariantCulture))));

    private sealed record Asked(string Algorithm, string Challenge, int MaxNumber, string Salt, string Signature);
}
