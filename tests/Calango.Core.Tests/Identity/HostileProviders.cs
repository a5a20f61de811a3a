using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Calango.Core.Identity;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.Http;
using static Calango.Core.Identity.LoginRefusal;

namespace Calango.Core.Tests.Identity;

/// <summary>What a provider can do wrong in a login, on purpose or not, each with the reason for which it is refused.</summary>
internal static class HostileProviders
{
    private const string Metadata = "/.well-known/openid-configuration";

    public static readonly IReadOnlyDictionary<string, (LoginRefusal Reason, Action<ScriptedProvider> Bend)> All =
        Signatures().Concat(Headers()).Concat(Claims()).Concat(Answers()).Concat(Descriptions()).ToDictionary(mode => mode.Name, mode => (mode.Reason, mode.Bend));

    private static IEnumerable<(string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend)> Signatures() =>
    [
        ("alg none, no signature", AlgorithmNone, provider => Sign(provider, "none", _ => [])),
        ("alg None in capitals", AlgorithmNone, provider => Sign(provider, "NoNe", _ => [])),
        ("alg missing", AlgorithmNone, provider => provider.IdToken.Header = header => header.Remove("alg")),
        ("HS256 with the client's secret", AlgorithmSymmetric, provider => Sign(provider, "HS256", data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ScriptedProvider.ClientSecret), data))),
        ("HS256 with the public key's PEM", AlgorithmSymmetric, provider => Sign(provider, "HS256", data => HMACSHA256.HashData(ProviderKey.Rsa.Pem(), data))),
        ("HS256 with the public key's JWK", AlgorithmSymmetric, provider => Sign(provider, "HS256", data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ProviderKey.Rsa.Public().ToJsonString()), data))),
        ("HS256 with an empty key", AlgorithmSymmetric, provider => Sign(provider, "HS256", data => HMACSHA256.HashData((byte[])[], data))),
        ("HS512 with the client's secret", AlgorithmSymmetric, provider => Sign(provider, "HS512", data => HMACSHA512.HashData(Encoding.UTF8.GetBytes(ScriptedProvider.ClientSecret), data))),
        ("EdDSA", AlgorithmUnknown, provider => Sign(provider, "EdDSA", _ => new byte[64])),
        ("an algorithm in lower case", AlgorithmUnknown, provider => provider.IdToken.Header = header => header["alg"] = "rs256"),
        ("an algorithm that it does not offer", AlgorithmNotOffered, provider => provider.Metadata = own => own["id_token_signing_alg_values_supported"] = new JsonArray("ES256")),
        ("empty signature", SignatureMissing, provider => provider.IdToken.Signature = _ => []),
        ("zero signature of RSA", SignatureZero, provider => provider.IdToken.Signature = _ => new byte[256]),
        ("zero signature of ECDSA", SignatureZero, provider => Use(provider, ProviderKey.P256, "ES256", _ => new byte[64])),
        ("zero s of ECDSA", SignatureZero, provider => Use(provider, ProviderKey.P256, "ES256", data => [.. ProviderKey.P256.Sign("ES256", data).AsSpan(0, 32), .. new byte[32]])),
        ("DER signature of ECDSA", SignatureForm, provider => Use(provider, ProviderKey.P256, "ES256", data => ProviderKey.P256.Sign("ES256", data, der: true))),
        ("signature with a byte more", SignatureForm, provider => provider.IdToken.Signature = data => [.. ProviderKey.Rsa.Sign("RS256", data), 0]),
        ("signature with a bit changed", SignatureWrong, provider => provider.IdToken.Signature = data => Flip(ProviderKey.Rsa.Sign("RS256", data))),
        ("claims changed after signing", SignatureWrong, provider => provider.IdToken.Token = token => Replace(token, 1, claims => claims.Replace("ana-1", "bob-1", StringComparison.Ordinal))),
        ("header changed after signing", SignatureWrong, provider => provider.IdToken.Token = token => Replace(token, 0, header => header.Replace("}", ",\"x\":1}", StringComparison.Ordinal))),
        ("another key under the name of the listed one", SignatureWrong, provider => (provider.IdToken.Key, provider.IdToken.Header) = (ProviderKey.OtherRsa, header => header["kid"] = ProviderKey.Rsa.Id)),
        ("RS256 said to be PS256", SignatureWrong, provider => (provider.IdToken.Algorithm, provider.IdToken.Signature) = ("PS256", data => ProviderKey.Rsa.Sign("RS256", data))),
        ("a key that is not listed", KeyUnknown, provider => provider.IdToken.Key = ProviderKey.OtherRsa),
        ("no kid and two keys", KeyAmbiguous, provider => { provider.Keys.Add(ProviderKey.OtherRsa); provider.IdToken.Header = header => header.Remove("kid"); }),
        ("two keys of one kid", KeyAmbiguous, provider => { provider.Keys.Add(ProviderKey.OtherRsa); provider.KeyList = list => list["keys"]![1]!["kid"] = ProviderKey.Rsa.Id; }),
        ("a key of 1,024 bits", KeyTooWeak, provider => { provider.Keys.Add(ProviderKey.ShortRsa); provider.IdToken.Key = ProviderKey.ShortRsa; }),
        ("a key with exponent 1", KeyTooWeak, provider => provider.KeyList = list => list["keys"]![0]!["e"] = "AQ"),
        ("a key with its private half", KeyMalformed, provider => provider.KeyList = list => list["keys"]![0]!["d"] = "AQAB"),
        ("a point that is not on its curve", KeyMalformed, provider => { Use(provider, ProviderKey.P256, "ES256"); provider.KeyList = list => list["keys"]![1]!["y"] = list["keys"]![1]!["x"]!.GetValue<string>(); }),
        ("a key for encryption", KeyOfAnotherUse, provider => { provider.Keys.Add(ProviderKey.OtherRsa); provider.KeyList = list => list["keys"]![0]!["use"] = "enc"; }),
        ("a key that may not verify", KeyOfAnotherUse, provider => { provider.Keys.Add(ProviderKey.OtherRsa); provider.KeyList = list => list["keys"]![0]!["key_ops"] = new JsonArray("encrypt"); }),
        ("a key for another algorithm", KeyOfAnotherAlgorithm, provider => provider.KeyList = list => list["keys"]![0]!["alg"] = "RS512"),
        ("the wrong curve", KeyOfAnotherAlgorithm, provider => { Use(provider, ProviderKey.P384, "ES384"); provider.IdToken.Header = header => header["alg"] = "ES256"; }),
    ];

    private static IEnumerable<(string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend)> Headers() =>
    [
        ("jwk in the header, signed with it", HeaderBringsKey, provider => (provider.IdToken.Key, provider.IdToken.Header) = (ProviderKey.OtherRsa, header => header["jwk"] = ProviderKey.OtherRsa.Public())),
        ("jku in the header", HeaderPointsToKey, provider => provider.IdToken.Header = header => header["jku"] = "https://evil.example/keys"),
        ("x5u in the header", HeaderPointsToCertificate, provider => provider.IdToken.Header = header => header["x5u"] = "https://evil.example/certificate"),
        ("x5c in the header", HeaderBringsCertificate, provider => provider.IdToken.Header = header => header["x5c"] = new JsonArray("MIIB")),
        ("crit in the header", HeaderCritical, provider => provider.IdToken.Header = header => (header["crit"], header["exp"]) = (new JsonArray("exp"), 1)),
        ("b64 in the header", HeaderCritical, provider => provider.IdToken.Header = header => header["b64"] = false),
        ("kid that is no text", HeaderMalformed, provider => provider.IdToken.Header = header => header["kid"] = 1),
        ("a token for an API", TypeWrong, provider => provider.IdToken.Header = header => header["typ"] = "at+jwt"),
        ("a logout token", TypeWrong, provider => provider.IdToken.Header = header => header["typ"] = "logout+jwt"),
        ("a token within the token", TypeWrong, provider => provider.IdToken.Header = header => header["cty"] = "JWT"),
        ("an encrypted token", Encrypted, provider => provider.IdToken.Token = _ => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.AA.AA.AA"),
        ("enc in the header", Encrypted, provider => provider.IdToken.Header = header => header["enc"] = "A256GCM"),
        ("a member of the header twice", JsonDuplicate, provider => provider.IdToken.HeaderText = text => text.Replace("}", ",\"alg\":\"none\"}", StringComparison.Ordinal)),
        ("a header that is a list", JsonMalformed, provider => provider.IdToken.HeaderText = text => $"[{text}]"),
        ("an empty token", TokenMalformed, provider => provider.IdToken.Token = _ => ""),
        ("a token of two parts", TokenMalformed, provider => provider.IdToken.Token = token => token[..token.LastIndexOf('.')]),
        ("a token in JSON", TokenMalformed, provider => provider.IdToken.Token = token => $$"""{"payload":"{{token.Split('.')[1]}}"}"""),
        ("a token that is padded", EncodingNotCanonical, provider => provider.IdToken.Token = token => token + "=="),
        ("a token with a blank", EncodingNotCanonical, provider => provider.IdToken.Token = token => token.Insert(token.LastIndexOf('.') + 5, " ")),
        ("a token with spare bits", EncodingNotCanonical, provider => provider.IdToken.Token = token => token[..^1] + (char)(token[^1] + 1)),
        ("a huge token", TokenTooLarge, provider => provider.IdToken.Claims = claims => claims["padding"] = new string('x', 70_000)),
        ("a huge header", TokenTooLarge, provider => provider.IdToken.Header = header => header["padding"] = new string('x', 5_000)),
    ];

    private static IEnumerable<(string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend)> Claims() =>
    [
        Claim("another issuer", IssuerWrong, (claims, _) => claims["iss"] = "https://evil.example"),
        Claim("the issuer with a slash more", IssuerWrong, (claims, _) => claims["iss"] = claims["iss"]!.GetValue<string>() + "/"),
        Claim("no issuer", IssuerWrong, (claims, _) => claims.Remove("iss")),
        Claim("an issuer that is no text", ClaimMalformed, (claims, _) => claims["iss"] = new JsonArray("x")),
        Claim("another audience", AudienceWrong, (claims, _) => claims["aud"] = "somebody"),
        Claim("no audience", AudienceWrong, (claims, _) => claims.Remove("aud")),
        Claim("an empty list of audiences", AudienceWrong, (claims, _) => claims["aud"] = new JsonArray()),
        Claim("an audience that begins like ours", AudienceWrong, (claims, _) => claims["aud"] = ScriptedProvider.ClientId + "-other"),
        Claim("an audience that is a number", ClaimMalformed, (claims, _) => claims["aud"] = 5),
        Claim("two audiences and no azp", AuthorizedPartyMissing, (claims, _) => claims["aud"] = new JsonArray(ScriptedProvider.ClientId, "somebody")),
        Claim("azp of another client", AuthorizedPartyWrong, (claims, _) => claims["azp"] = "somebody"),
        Claim("no nonce", NonceMissing, (claims, _) => claims.Remove("nonce")),
        Claim("another login's nonce", NonceWrong, (claims, _) => claims["nonce"] = "another"),
        Claim("a nonce that is a number", ClaimMalformed, (claims, _) => claims["nonce"] = 7),
        Claim("at_hash of another access token", AccessTokenHashWrong, (claims, _) => claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA"),
        Claim("at_hash cut short", AccessTokenHashWrong, (claims, _) => claims["at_hash"] = ""),
        Claim("no exp", ExpiryMissing, (claims, _) => claims.Remove("exp")),
        Claim("exp long past", Expired, (claims, now) => claims["exp"] = now - 61),
        Claim("exp before iat", Expired, (claims, now) => claims["exp"] = now),
        Claim("exp as text", ClaimMalformed, (claims, now) => claims["exp"] = $"{now + 300}"),
        Claim("exp beyond all time", ClaimMalformed, (claims, _) => claims["exp"] = 1e300),
        Claim("exp below zero", ClaimMalformed, (claims, _) => claims["exp"] = -1),
        Claim("no iat", IssuedAtMissing, (claims, _) => claims.Remove("iat")),
        Claim("iat in the future", IssuedInFuture, (claims, now) => (claims["iat"], claims["exp"]) = (now + 120, now + 600)),
        Claim("iat an hour ago", IssuedTooLongAgo, (claims, now) => claims["iat"] = now - 3600),
        Claim("nbf in the future", NotYetValid, (claims, now) => claims["nbf"] = now + 120),
        Claim("no sub", SubjectMissing, (claims, _) => claims.Remove("sub")),
        Claim("an empty sub", ClaimMalformed, (claims, _) => claims["sub"] = ""),
        Claim("a sub that is too long", ClaimMalformed, (claims, _) => claims["sub"] = new string('a', 256)),
        Claim("a sub that is a number", ClaimMalformed, (claims, _) => claims["sub"] = 1),
        ("a claim twice", JsonDuplicate, provider => provider.IdToken.ClaimsText = text => text.Insert(1, "\"sub\":\"bob-1\",")),
        ("a claim twice, once escaped", JsonDuplicate, provider => provider.IdToken.ClaimsText = text => text.Insert(1, "\"s\\u0075b\":\"bob-1\",")),
        ("claims that are deep", JsonTooDeep, provider => provider.IdToken.ClaimsText = text => text.Insert(1, $"\"deep\":{new string('[', 5_000)}{new string(']', 5_000)},")),
        ("claims with half a character", JsonMalformed, provider => provider.IdToken.ClaimsText = text => text.Insert(1, "\"name\":\"\\ud800\",")),
        ("claims that are no JSON", JsonMalformed, provider => provider.IdToken.ClaimsText = _ => "hello"),
        ("claims that are empty", JsonMalformed, provider => provider.IdToken.ClaimsText = _ => ""),
    ];

    private static IEnumerable<(string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend)> Answers() =>
    [
        ("an answer of another issuer", AnswerIssuerWrong, provider => provider.Reply = reply => reply["iss"] = "https://evil.example"),
        ("an answer without its issuer", AnswerIssuerMissing, provider => provider.Reply = reply => reply.Remove("iss")),
        ("an answer with another state", StateUnknown, provider => provider.Reply = reply => reply["state"] = "another"),
        ("an answer without a state", StateUnknown, provider => provider.Reply = reply => reply.Remove("state")),
        ("an answer without a code", CodeMissing, provider => provider.Reply = reply => reply.Remove("code")),
        ("an error beside a code", ProviderError, provider => provider.Reply = reply => reply["error"] = "server_error"),
        ("a person who says no", Cancelled, provider => provider.Reply = reply => { reply.Remove("code"); reply["error"] = "access_denied"; }),
        ("a code of somebody else", CodeRefused, provider => provider.Reply = reply => reply["code"] = "stolen"),
        ("no id_token", IdTokenMissing, provider => provider.TokenAnswer = answer => answer.Remove("id_token")),
        ("no access token", AccessTokenMissing, provider => provider.TokenAnswer = answer => answer.Remove("access_token")),
        ("an access token with a line break", AccessTokenMissing, provider => provider.TokenAnswer = answer => answer["access_token"] = "a\r\nX-Evil: 1"),
        ("an access token of another type", AccessTokenType, provider => provider.TokenAnswer = answer => answer["token_type"] = "DPoP"),
        ("tokens with an error", CodeRefused, provider => provider.TokenAnswer = answer => answer["error"] = "slow_down"),
        ("tokens that are no JSON", JsonMalformed, provider => provider.Instead["/token"] = context => context.Response.WriteAsync("access_token=x&id_token=y")),
        ("tokens with a member twice", JsonDuplicate, provider => provider.Instead["/token"] = context => context.Response.WriteAsync("""{"token_type":"Bearer","access_token":"a","access_token":"b"}""")),
        ("tokens elsewhere", Redirected, provider => provider.Instead["/token"] = context => MoveAsync(context, provider.Issuer + "/keys")),
        ("tokens that never end", TooLarge, provider => provider.Instead["/token"] = StreamAsync),
        ("tokens with a broken server", StatusUnexpected, provider => provider.Instead["/token"] = context => StatusAsync(context, 500)),
        ("a client that is not known", ClientRefused, provider => provider.Instead["/token"] = context => StatusAsync(context, 401, """{"error":"invalid_client"}""")),
        ("userinfo of somebody else", UserInfoSubjectWrong, provider => provider.UserInfo!["sub"] = "bob-1"),
        ("userinfo of nobody", UserInfoSubjectWrong, provider => provider.UserInfo!.Remove("sub")),
        ("userinfo with a sub that is a number", UserInfoMalformed, provider => provider.UserInfo!["sub"] = 1),
        ("userinfo that is signed", JsonMalformed, provider => provider.Instead["/userinfo"] = context => context.Response.WriteAsync("eyJhbGciOiJub25lIn0.e30.")),
        ("userinfo with a member twice", JsonDuplicate, provider => provider.Instead["/userinfo"] = context => context.Response.WriteAsync("""{"sub":"ana-1","sub":"bob-1"}""")),
        ("userinfo that is refused", StatusUnexpected, provider => provider.Instead["/userinfo"] = context => StatusAsync(context, 403)),
        ("userinfo elsewhere", Redirected, provider => provider.Instead["/userinfo"] = context => MoveAsync(context, provider.Issuer + "/keys")),
    ];

    private static IEnumerable<(string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend)> Descriptions() =>
    [
        ("a description of another issuer", IssuerMismatch, provider => provider.Metadata = own => own["issuer"] = "https://evil.example"),
        ("a description with a slash more", IssuerMismatch, provider => provider.Metadata = own => own["issuer"] = provider.Issuer + "/"),
        ("a description without an issuer", IssuerMismatch, provider => provider.Metadata = own => own.Remove("issuer")),
        ("no address to log in", MetadataIncomplete, provider => provider.Metadata = own => own.Remove("authorization_endpoint")),
        ("no address for tokens", MetadataIncomplete, provider => provider.Metadata = own => own.Remove("token_endpoint")),
        ("no address of keys", MetadataIncomplete, provider => provider.Metadata = own => own.Remove("jwks_uri")),
        ("an address that is a number", MetadataIncomplete, provider => provider.Metadata = own => own["userinfo_endpoint"] = 5),
        ("an address without TLS", AddressNotSecure, provider => provider.Metadata = own => own["token_endpoint"] = "http://idp.example/token"),
        ("an address that is a script", AddressNotSecure, provider => provider.Metadata = own => own["authorization_endpoint"] = "javascript:alert(1)"),
        ("an address with a password", AddressNotSecure, provider => provider.Metadata = own => own["token_endpoint"] = "https://ana:secret@idp.example/token"),
        ("an address with a fragment", AddressNotSecure, provider => provider.Metadata = own => own["authorization_endpoint"] = "https://idp.example/authorize#x"),
        ("an address of the cloud's own keys", AddressForbidden, provider => provider.Metadata = own => own["jwks_uri"] = "https://169.254.169.254/keys"),
        ("no code flow", CodeFlowMissing, provider => provider.Metadata = own => own["response_types_supported"] = new JsonArray("id_token")),
        ("no algorithm that is known", AlgorithmsNotShared, provider => provider.Metadata = own => own["id_token_signing_alg_values_supported"] = new JsonArray("HS256", "none", "EdDSA")),
        ("clients with certificates only", ClientAuthenticationNotShared, provider => provider.Metadata = own => own["token_endpoint_auth_methods_supported"] = new JsonArray("tls_client_auth")),
        ("a description with a member twice", JsonDuplicate, provider => provider.Instead[Metadata] = context => context.Response.WriteAsync("""{"issuer":"a","issuer":"b"}""")),
        ("a description that is deep", JsonTooDeep, provider => provider.Instead[Metadata] = context => context.Response.WriteAsync($"{new string('[', 100)}{new string(']', 100)}")),
        ("a description that is a page", JsonMalformed, provider => provider.Instead[Metadata] = context => context.Response.WriteAsync("<!doctype html>")),
        ("a description elsewhere", Redirected, provider => provider.Instead[Metadata] = context => MoveAsync(context, "http://127.0.0.1:1/")),
        ("a description that is not there", StatusUnexpected, provider => provider.Instead[Metadata] = context => StatusAsync(context, 404)),
        ("a description that never ends", TooLarge, provider => provider.Instead[Metadata] = StreamAsync),
        ("headers that never end", TooLarge, provider => provider.Instead[Metadata] = context => { context.Response.Headers["X-Long"] = new string('x', 60_000); return Task.CompletedTask; }),
        ("a description that breaks off", Unreachable, provider => provider.Instead[Metadata] = context => { context.Abort(); return Task.CompletedTask; }),
        ("keys that are none", KeysMalformed, provider => provider.KeyList = list => list["keys"] = "none"),
        ("a thousand keys", KeysMalformed, provider => provider.KeyList = list => list["keys"] = new JsonArray([.. Enumerable.Range(0, 1_000).Select(_ => new JsonObject { ["kty"] = "RSA" })])),
        ("no key", KeysMissing, provider => provider.Keys.Clear()),
        ("keys for encryption only", KeysMissing, provider => provider.KeyList = list => list["keys"]![0]!["use"] = "enc"),
        ("keys elsewhere", Redirected, provider => provider.Instead["/keys"] = context => MoveAsync(context, provider.Issuer + "/other")),
    ];

    private static (string Name, LoginRefusal Reason, Action<ScriptedProvider> Bend) Claim(string name, LoginRefusal reason, Action<JsonObject, long> bend) =>
        (name, reason, provider => provider.IdToken.Claims = claims => bend(claims, claims["iat"]!.GetValue<long>()));

    private static void Sign(ScriptedProvider provider, string algorithm, Func<byte[], byte[]> sign) =>
        (provider.IdToken.Header, provider.IdToken.Signature) = (header => header["alg"] = algorithm, sign);

    private static void Use(ScriptedProvider provider, ProviderKey key, string algorithm, Func<byte[], byte[]>? sign = null)
    {
        provider.Keys.Add(key);
        (provider.IdToken.Key, provider.IdToken.Algorithm, provider.IdToken.Signature) = (key, algorithm, sign);
    }

    private static byte[] Flip(byte[] signature)
    {
        signature[^1] ^= 1;
        return signature;
    }

    private static string Replace(string token, int part, Func<string, string> change)
    {
        var parts = token.Split('.');
        parts[part] = WebEncode(change(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[part]))));
        return string.Join('.', parts);
    }

    private static string WebEncode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static Task MoveAsync(HttpContext context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }

    private static Task StatusAsync(HttpContext context, int status, string body = "{}")
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    private static async Task StreamAsync(HttpContext context)
    {
        var block = new byte[64 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }
    }
}
