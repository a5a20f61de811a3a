using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>The keys that a provider lists.</summary>
internal sealed class SigningKeys
{
    private const int MostKeys = 100;

    private readonly IReadOnlyList<SigningKey> _keys;

    private SigningKeys(IReadOnlyList<SigningKey> keys) => _keys = keys;

    /// <summary>Reads a list of keys. It may have some that are of no use here; those are kept, to say so.</summary>
    /// <exception cref="LoginRefusedException">It is none, or has no key that can be used.</exception>
    public static SigningKeys Read(JsonElement jwks)
    {
        if (!jwks.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostKeys)
        {
            throw new LoginRefusedException(LoginRefusal.KeysMalformed);
        }

        var keys = list.EnumerateArray().Select(SigningKey.Read).OfType<SigningKey>().ToList();
        return keys.Exists(key => key.IsForSignatures) ? new SigningKeys(keys) : throw new LoginRefusedException(LoginRefusal.KeysMissing);
    }

    /// <summary>The one key that a token can mean. None is tried after another.</summary>
    /// <exception cref="LoginRefusedException">There is none, or there are several.</exception>
    public SigningKey Choose(JwsAlgorithm algorithm, string? id)
    {
        var named = _keys.Where(key => id is null || key.Id == id).ToList();
        var fitting = named.FindAll(key => key.IsForSignatures && key.Fits(algorithm));
        return fitting.Count == 1 ? fitting[0] : throw new LoginRefusedException(
            fitting.Count > 1 ? LoginRefusal.KeyAmbiguous
            : named.Count == 0 || id is null ? LoginRefusal.KeyUnknown
            : named.Exists(key => key.Fits(algorithm)) ? LoginRefusal.KeyOfAnotherUse
            : LoginRefusal.KeyOfAnotherAlgorithm);
    }
}
