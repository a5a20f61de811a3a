using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.UnrulyDouble;

/// <summary>
/// Does what the last message says and answers with what came of it: <c>say WORD TIMES</c>, <c>do DEED</c>, <c>wait</c> (until it
/// is cancelled), <c>deaf</c> (for ever), <c>read PATH</c>, <c>list PATH</c>, <c>write PATH</c>, <c>connect HOST PORT</c>, <c>get ADDRESS</c>, <c>post ADDRESS BYTES</c>, <c>run PATH</c>, <c>environment</c>.
/// </summary>
internal sealed class UnrulyClient(PluginContext context, IPluginHttp http, IChildProcesses processes) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var words = messages.Last().Text.Split(' ');
        if (words is ["say", var word, var times])
        {
            for (var count = int.Parse(times); count > 0; count--)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, word);
            }

            yield break;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, "Well: ");
        yield return new ChatResponseUpdate(ChatRole.Assistant, await TryAsync(words, cancellationToken));
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private async Task<string> TryAsync(string[] words, CancellationToken cancellationToken)
    {
        switch (words)
        {
            case ["do", var deed]:
                Misdeed.Do(deed);
                return "done";
            case ["wait"]:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return "";
            case ["deaf"]:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return "";
            default:
                return await ReachAsync(words, cancellationToken);
        }
    }

    private async Task<string> ReachAsync(string[] words, CancellationToken cancellationToken)
    {
        try
        {
            return words switch
            {
                ["read", var path] => File.ReadAllText(path),
                ["list", var path] => string.Join(' ', Directory.GetFileSystemEntries(path).Select(Path.GetFileName)),
                ["write", var path] => Write(path == "data" ? Path.Combine(context.DataFolder, "note") : path),
                ["connect", var host, var port] => await ConnectAsync(host, int.Parse(port), cancellationToken),
                ["post", var address, var bytes] => await PostAsync(address, int.Parse(bytes), cancellationToken),
                ["get", var address] => await GetAsync(address, cancellationToken),
                ["run", var path] => $"{processes.Start(new ChildProcessStart(path, [])).Id}",
                ["environment"] => string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order()),
                _ => "what?",
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException or ChildProcessException or ProviderException or HttpRequestException)
        {
            return exception.GetType().Name;
        }
    }

    private static string Write(string path)
    {
        File.WriteAllText(path, "here");
        return File.ReadAllText(path);
    }

    private static async Task<string> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(host), port), cancellationToken);
        return "connected";
    }

    private async Task<string> PostAsync(string address, int bytes, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(new HttpLimits());
        using var content = new ByteArrayContent(new byte[bytes]);
        using var response = await client.PostAsync(address, content, cancellationToken);
        return response.IsSuccessStatusCode ? "sent" : "refused";
    }

    private async Task<string> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(new HttpLimits());
        return await client.GetStringAsync(address, cancellationToken);
    }
}
