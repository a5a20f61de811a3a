using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Xml.Linq;

namespace Calango.Tests.Support.S3;

/// <summary>A bucket in memory. An object is replaced whole. Thread-safe.</summary>
internal sealed class S3Bucket
{
    private const int SmallestPart = 5 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, S3Object> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (S3Object Whole, ConcurrentDictionary<int, byte[]> Parts)> _uploads = new();

    public IReadOnlyList<string> Keys => [.. _objects.Keys.Order(StringComparer.Ordinal)];

    public int OpenUploads => _uploads.Count;

    public S3Object? Find(string key) => _objects.GetValueOrDefault(key);

    public string Put(string key, S3Object content)
    {
        _objects[key] = content;
        return content.ETag;
    }

    public void Delete(string key, string upload)
    {
        if (upload.Length > 0)
        {
            _uploads.TryRemove(upload, out _);
        }
        else
        {
            _objects.TryRemove(key, out _);
        }
    }

    public string Begin(S3Object whole)
    {
        var id = Guid.CreateVersion7().ToString("N");
        _uploads[id] = (whole, new ConcurrentDictionary<int, byte[]>());
        return id;
    }

    public string PutPart(string upload, int number, byte[] content)
    {
        UploadOf(upload).Parts[number] = content;
        return S3Object.ETagOf(content);
    }

    public string Complete(string key, string upload, byte[] list)
    {
        var (whole, parts) = UploadOf(upload);
        var wanted = XElement.Parse(Encoding.UTF8.GetString(list)).Elements().Where(element => element.Name.LocalName == "Part")
            .Select(part => (
                Number: (int)part.Elements().Single(element => element.Name.LocalName == "PartNumber"),
                ETag: part.Elements().Single(element => element.Name.LocalName == "ETag").Value)).ToList();
        foreach (var (number, etag) in wanted)
        {
            if (!parts.TryGetValue(number, out var part) || S3Object.ETagOf(part).Trim('"') != etag.Trim('"'))
            {
                throw new S3Refusal(HttpStatusCode.BadRequest, "InvalidPart");
            }

            if (part.Length < SmallestPart && number != wanted[^1].Number)
            {
                throw new S3Refusal(HttpStatusCode.BadRequest, "EntityTooSmall");
            }
        }

        _uploads.TryRemove(upload, out _);
        // Of what came in parts the tag is no digest, which a client would compare.
        return Put(key, whole with { Content = [.. wanted.SelectMany(part => parts[part.Number])], ETag = $"\"{upload}-{wanted.Count}\"" });
    }

    private (S3Object Whole, ConcurrentDictionary<int, byte[]> Parts) UploadOf(string id) =>
        _uploads.TryGetValue(id, out var upload) ? upload : throw new S3Refusal(HttpStatusCode.NotFound, "NoSuchUpload");

}
