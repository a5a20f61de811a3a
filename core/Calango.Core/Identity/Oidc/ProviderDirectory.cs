namespace Calango.Core.Identity;

/// <summary>
/// What is known of one provider: its description and its keys. They are read anew from time to time, and when a token names a
/// key that is not among them, but then not more often than a stranger with made-up names may cause. Where that fails, the last
/// good ones serve on for a while. Thread-safe.
/// </summary>
internal sealed class ProviderDirectory(string issuer, bool allowsPlain, ProviderHttp http, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastGood = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Known? _known;
    private long? _triedAt;
    private Task<Known>? _reading;

    /// <summary>What the provider says of itself.</summary>
    /// <exception cref="LoginRefusedException">It cannot be read, and what was read before is too old.</exception>
    public async Task<ProviderMetadata> DescribeAsync(CancellationToken cancellationToken) => (await KnowAsync(cancellationToken)).Metadata;

    /// <summary>Checks that a token is signed by the provider.</summary>
    /// <exception cref="LoginRefusedException">It is not, or that cannot be found out.</exception>
    public async Task CheckAsync(Jws token, CancellationToken cancellationToken)
    {
        var known = await KnowAsync(cancellationToken);
        if (!known.Metadata.Algorithms.Contains(token.Algorithm.Name))
        {
            throw new LoginRefusedException(LoginRefusal.AlgorithmNotOffered);
        }

        token.Check(await ChooseAsync(known, token, cancellationToken));
    }

    private Known? Good => _known is { } known && clock.GetElapsedTime(known.ReadAt) < LastGood ? known : null;

    private async Task<SigningKey> ChooseAsync(Known known, Jws token, CancellationToken cancellationToken)
    {
        try
        {
            return known.Keys.Choose(token.Algorithm, token.KeyId);
        }
        catch (LoginRefusedException refused) when (refused.Reason == LoginRefusal.KeyUnknown)
        {
            return (await ReadAnewAsync(known, cancellationToken)).Keys.Choose(token.Algorithm, token.KeyId);
        }
    }

    private async Task<Known> KnowAsync(CancellationToken cancellationToken)
    {
        var known = _known;
        return known is not null && clock.GetElapsedTime(known.ReadAt) < Fresh ? known : await ReadAnewAsync(known, cancellationToken);
    }

    private async Task<Known> ReadAnewAsync(Known? seen, CancellationToken cancellationToken)
    {
        try
        {
            return await JoinAsync(seen).WaitAsync(cancellationToken);
        }
        catch (LoginRefusedException) when (Good is { } known)
        {
            return known;
        }
    }

    // All who come while it is read wait for the same answer; one of them who leaves doesn't end it for the others.
    private Task<Known> JoinAsync(Known? seen)
    {
        lock (_lock)
        {
            if (_reading is not null)
            {
                return _reading;
            }

            if (Good is { } known && (known != seen || (_triedAt is { } triedAt && clock.GetElapsedTime(triedAt) < Pause)))
            {
                return Task.FromResult(known);
            }

            _triedAt = clock.GetTimestamp();
            return _reading = Task.Run(ReadAsync);
        }
    }

    private async Task<Known> ReadAsync()
    {
        Known? known = null;
        try
        {
            using var description = new HttpRequestMessage(HttpMethod.Get, ProviderMetadata.AddressOf(ProviderAddress.ReadIssuer(issuer, allowsPlain)));
            var metadata = ProviderMetadata.Read(await http.ReadAsync(description, CancellationToken.None), issuer, allowsPlain);
            using var list = new HttpRequestMessage(HttpMethod.Get, metadata.KeysAddress);
            list.Headers.TryAddWithoutValidation("Accept", "application/json, application/jwk-set+json");
            known = new Known(metadata, SigningKeys.Read(await http.ReadAsync(list, CancellationToken.None)), clock.GetTimestamp());
            return known;
        }
        finally
        {
            lock (_lock)
            {
                (_known, _reading) = (known ?? _known, null);
            }
        }
    }

    private sealed record Known(ProviderMetadata Metadata, SigningKeys Keys, long ReadAt);
}
