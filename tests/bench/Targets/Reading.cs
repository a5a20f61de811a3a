using System.Buffers;

namespace Calango.Bench;

/// <summary>Reads an answer piece by piece.</summary>
internal static class Reading
{
    public static async Task ReadAsync(HttpClient http, HttpRequestMessage request, Action<ReadOnlyMemory<byte>> onData, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            onData(buffer.AsMemory(0, read));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
