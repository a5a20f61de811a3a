using System.Net.Http.Json;

namespace Calango.Bench;

/// <summary>The scripted model itself, asked without a server between.</summary>
internal sealed class DirectTarget(Uri upstream) : ITarget, IDisposable
{
#pragma warning disable RS0030 // a measuring client of its own, outside any kernel
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
#pragma warning restore RS0030

    public string Name => "direct";

    public ServerProcess? Process => null;

    public void Dispose() => _http.Dispose();

    public IChat NewChat() => new Chat(_http, upstream);

    private sealed class Chat(HttpClient http, Uri upstream) : IChat
    {
        public async Task AskAsync(string prompt, Action<ReadOnlyMemory<byte>> onData, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{upstream}/chat/completions"))
            {
                Content = JsonContent.Create(new { model = "fake", stream = true, messages = new[] { new { role = "user", content = prompt } } }),
            };
            await Reading.ReadAsync(http, request, onData, cancellationToken);
        }
    }
}
