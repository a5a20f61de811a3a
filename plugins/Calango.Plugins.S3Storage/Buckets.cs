using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Calango.Sdk;

namespace Calango.Plugins.S3Storage;

/// <summary>The clients of the services, one for each set of settings that is in use. Thread-safe.</summary>
internal sealed class Buckets(IPluginHttp http) : IDisposable
{
    // The place that is used, the one that is moved to, and what somebody tries meanwhile.
    private const int Kept = 8;

    private readonly ConcurrentDictionary<S3Settings, AmazonS3Client> _clients = new();
    private readonly Clients _http = new(http);

    /// <exception cref="BlobException"><see cref="BlobErrorKind.InvalidSettings"/>.</exception>
    public (IAmazonS3 Client, string Name) Of(SettingsValues values)
    {
        var settings = Bind(values);
        if (_clients.TryGetValue(settings, out var client))
        {
            return (client, settings.Bucket);
        }

        if (_clients.Count >= Kept)
        {
            // Calls that run go on: a client has nothing open of its own.
            _clients.Clear();
        }

        return (_clients.GetOrAdd(settings, Connect), settings.Bucket);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private AmazonS3Client Connect(S3Settings settings)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = _http,
            ForcePathStyle = settings.PathStyle,
            MaxErrorRetry = 2,
            // Many services of this protocol know no other checksum than the signature's own.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is { } endpoint)
        {
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.AbsoluteUri, settings.Region);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }

        return new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    private static S3Settings Bind(SettingsValues values)
    {
        S3Settings settings;
        try
        {
            settings = SettingsSchema.Bind<S3Settings>(values);
        }
        catch (ProviderException)
        {
            throw new BlobException(BlobErrorKind.InvalidSettings);
        }

        return settings is { Bucket.Length: > 0, AccessKey.Length: > 0, SecretKey.Length: > 0 } ? settings : throw new BlobException(BlobErrorKind.InvalidSettings);
    }

    private sealed class Clients(IPluginHttp http) : HttpClientFactory
    {
        // A blob may be as large as it likes, and has no lines.
        private static readonly HttpLimits Limits = new(int.MaxValue, long.MaxValue);

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http.CreateClient(Limits);

        // One client of the SDK keeps one of these.
        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;
    }
}
