using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.S3;

/// <summary>Computes what a request's signature (AWS, version 4) has to be, and refuses any other.</summary>
internal sealed partial class S3Signature(string accessKey, string secretKey)
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(15);

    /// <exception cref="S3Refusal">It isn't signed, or not right, or its body isn't what was signed.</exception>
    public void Check(HttpRequest request, string target, byte[] body)
    {
        var said = Form().Match(request.Headers.Authorization.ToString());
        if (!said.Success)
        {
            throw new S3Refusal(HttpStatusCode.Forbidden, "AccessDenied");
        }

        if (said.Groups["key"].Value != accessKey)
        {
            throw new S3Refusal(HttpStatusCode.Forbidden, "InvalidAccessKeyId");
        }

        var time = request.Headers["x-amz-date"].ToString();
        if (!DateTimeOffset.TryParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            || (TimeProvider.System.GetUtcNow() - at).Duration() > MostSkew)
        {
            throw new S3Refusal(HttpStatusCode.Forbidden, "RequestTimeTooSkewed");
        }

        var digest = request.Headers["x-amz-content-sha256"].ToString();
        if (digest != Hex(SHA256.HashData(body)))
        {
            throw new S3Refusal(HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch");
        }

        var scope = $"{said.Groups["date"].Value}/{said.Groups["region"].Value}/s3/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, target, said.Groups["headers"].Value, digest))))}";
        if (Hex(Sign(KeyOf(said), toSign)) != said.Groups["signature"].Value)
        {
            throw new S3Refusal(HttpStatusCode.Forbidden, "SignatureDoesNotMatch");
        }
    }

    private static string Canonical(HttpRequest request, string target, string signedHeaders, string digest)
    {
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(pair => (Name: Escape(pair[0]), Value: pair.Length > 1 ? Escape(pair[1]) : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        var headers = signedHeaders.Split(';').Select(name => $"{name}:{Spaces().Replace(request.Headers[name].ToString().Trim(), " ")}\n");
        return $"{request.Method}\n{path}\n{string.Join('&', parameters)}\n{string.Concat(headers)}\n{signedHeaders}\n{digest}";
    }

    private byte[] KeyOf(Match said) =>
        Sign(Sign(Sign(Sign(Encoding.UTF8.GetBytes("AWS4" + secretKey), said.Groups["date"].Value), said.Groups["region"].Value), "s3"), "aws4_request");

    private static string Escape(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<date>[0-9]{8})/(?<region>[^/]+)/s3/aws4_request, ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
