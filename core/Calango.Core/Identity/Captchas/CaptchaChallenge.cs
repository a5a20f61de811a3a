using System.Text.Json.Serialization;

namespace Calango.Core.Identity;

/// <summary>A sum for a browser: which number follows the salt in the text of this hash. Its JSON is that of ALTCHA's first version.</summary>
/// <param name="Algorithm">The hash.</param>
/// <param name="Challenge">What comes of it, as hexadecimal digits.</param>
/// <param name="MaxNumber">The number is not greater.</param>
/// <param name="Salt">What the number follows; it says when the challenge ends.</param>
/// <param name="Signature">That the challenge is ours.</param>
public sealed record CaptchaChallenge(
    string Algorithm,
    string Challenge,
    [property: JsonPropertyName("maxnumber")] int MaxNumber,
    string Salt,
    string Signature);
