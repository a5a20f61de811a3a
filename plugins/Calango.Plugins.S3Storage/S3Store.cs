using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Calango.Sdk;

namespace Calango.Plugins.S3Storage;

/// <summary>Blobs as objects of a bucket. An object's digest is kept beside it, as <c>x-amz-meta-sha256</c>.</summary>
internal sealed class S3Store(Buckets buckets, PluginContext context) : IBlobStore
{
    /// <summary>A larger blob is sent in parts of this size: in a process of its own, a request can't have more than 16 MB.</summary>
    public const int PartSize = 8 * 1024 * 1024;

    private const string Digest = "sha256";

    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<S3Settings>();

    public Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        BlobKey.Require(key);
        var (client, bucket) = buckets.Of(settings);
        // Its digest and its length are said before its first byte is sent; and what is sent again must be there still.
        await using var coming = await ComingBlob.ReadAsync(content, context.DataFolder, cancellationToken).ConfigureAwait(false);
        await (coming.Length > PartSize
            ? PutInPartsAsync(client, bucket, key, coming, contentType, cancellationToken)
            : PutWholeAsync(client, bucket, key, coming, contentType, cancellationToken)).ConfigureAwait(false);
        return new BlobInfo(key, coming.Length, contentType, coming.Sha256);
    });

    public Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        BlobKey.Require(key);
        if (range is { Offset: < 0 } or { Length: < 1 })
        {
            throw new BlobException(BlobErrorKind.InvalidRange);
        }

        var (client, bucket) = buckets.Of(settings);
        var request = new GetObjectRequest { BucketName = bucket, Key = key };
        if (range is not null)
        {
            request.ByteRange = range.Length is { } length ? new ByteRange(range.Offset, End(range.Offset, length)) : new ByteRange($"bytes={range.Offset}-");
        }

        var response = await client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
        var whole = range is null ? response.ContentLength : WholeOf(response);
        return new BlobContent(new BlobInfo(key, whole, response.Headers.ContentType, response.Metadata[Digest]), new ObjectStream(response));
    });

    public Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        BlobKey.Require(key);
        var (client, bucket) = buckets.Of(settings);
        try
        {
            var found = await client.GetObjectMetadataAsync(bucket, key, cancellationToken).ConfigureAwait(false);
            return new BlobInfo(key, found.ContentLength, found.Headers.ContentType, found.Metadata[Digest]);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    public Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        BlobKey.Require(key);
        var (client, bucket) = buckets.Of(settings);
        await client.DeleteObjectAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        return true;
    });

    public Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        var (client, bucket) = buckets.Of(settings);
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, ContinuationToken = continuation, MaxKeys = 1000 };
        var page = await client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
        // A bucket may have objects that are nobody's here.
        return new BlobPage([.. (page.S3Objects ?? []).Select(found => found.Key).Where(BlobKey.IsValid)], page.IsTruncated == true ? page.NextContinuationToken : null);
    });

    private static async Task PutWholeAsync(IAmazonS3 client, string bucket, string key, ComingBlob coming, string contentType, CancellationToken cancellationToken)
    {
        await using var content = coming.Open();
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = content,
            ContentType = contentType,
            AutoCloseStream = false,
            // The whole is signed, and not each piece: fewer services know the other form.
            UseChunkEncoding = false,
        };
        request.Metadata[Digest] = coming.Sha256;
        await client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // The object is there once all parts are, and not before.
    private static async Task PutInPartsAsync(IAmazonS3 client, string bucket, string key, ComingBlob coming, string contentType, CancellationToken cancellationToken)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = contentType };
        begin.Metadata[Digest] = coming.Sha256;
        var upload = (await client.InitiateMultipartUploadAsync(begin, cancellationToken).ConfigureAwait(false)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (long at = 0; at < coming.Length; at += PartSize)
            {
                var number = parts.Count + 1;
                await using var part = coming.Open(at, Math.Min(PartSize, coming.Length - at));
                var sent = await client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = upload,
                    PartNumber = number,
                    InputStream = part,
                    UseChunkEncoding = false,
                }, cancellationToken).ConfigureAwait(false);
                parts.Add(new PartETag(number, sent.ETag));
            }

            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload, PartETags = parts }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Parts that belong to nothing cost money. Where this fails too, the first failure is the one to tell.
            await ((Task)client.AbortMultipartUploadAsync(bucket, key, upload, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static long End(long offset, long length) => length > long.MaxValue - offset ? long.MaxValue : offset + length - 1;

    // "bytes 0-9/100"
    private static long WholeOf(GetObjectResponse response) =>
        long.TryParse(response.ContentRange?.Split('/')[^1], out var whole) ? whole : throw new BlobException(BlobErrorKind.Failed);
}
