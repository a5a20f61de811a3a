using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.Upstream;

/// <summary>The requests so far: the last thousand, and those that nobody has waited for yet. Thread-safe.</summary>
internal sealed class UpstreamRequests
{
    private const int Kept = 1000;

    private readonly ConcurrentQueue<UpstreamRequest> _requests = new();
    private readonly Channel<UpstreamRequest> _arrivals = Channel.CreateBounded<UpstreamRequest>(
        new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });

    public IReadOnlyList<UpstreamRequest> All => [.. _requests];

    public ValueTask<UpstreamRequest> NextAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken);

    public void Arrived(UpstreamRequest request) => _arrivals.Writer.TryWrite(request);

    public async Task<UpstreamRequest> KeepAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        var request = new UpstreamRequest(
            context.Request.Path.Value ?? "/",
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.Length > 0 ? JsonElement.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)) : default);
        _requests.Enqueue(request);
        while (_requests.Count > Kept)
        {
            _requests.TryDequeue(out _);
        }

        return request;
    }
}
