namespace Calango.Bench;

/// <summary>The bare relay: the limit that the others are measured against.</summary>
internal sealed class RelayTarget(ServerProcess process) : ITarget
{
    public string Name => "relay";

    public ServerProcess Process { get; } = process;

    ServerProcess? ITarget.Process => Process;

    public IChat NewChat() => new Chat(Process.Http);

    private sealed class Chat(HttpClient http) : IChat
    {
        public async Task AskAsync(string prompt, Action<ReadOnlyMemory<byte>> onData, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "turn") { Content = new StringContent(prompt) };
            await Reading.ReadAsync(http, request, onData, cancellationToken);
        }
    }
}
