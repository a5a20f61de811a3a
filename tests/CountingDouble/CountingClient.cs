using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Calango.Tests.CountingDouble;

/// <summary>
/// Answers <c>count 3 20</c> with <c>v1.0.0/0 v1.0.0/1 v1.0.0/2</c>, 20 ms before each, and without a pause where that is 0.
/// <c>throw thread</c> and <c>throw void</c> let an exception escape where nobody can catch it.
/// </summary>
internal sealed class CountingClient(string version) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var words = messages.Last().Text.Split(' ');
        if (words is ["throw", var where])
        {
            Throw(where);
        }

        var (count, pace) = words is ["count", var howMany, var howLong] ? (Number(howMany), Number(howLong)) : (1, 0);
        for (var number = 0; number < count; number++)
        {
            if (pace > 0)
            {
                await Task.Delay(pace, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await Task.Yield();
            }

            yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(string.Create(CultureInfo.InvariantCulture, $"{(number == 0 ? "" : " ")}v{version}/{number}"))]);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Throw(string where)
    {
        if (where == "thread")
        {
            var thread = new Thread(() => throw new InvalidOperationException("on a thread"));
            thread.Start();
            thread.Join();
        }
        else
        {
            ThrowFromVoid();
        }
    }

    private static async void ThrowFromVoid()
    {
        await Task.Yield();
        throw new NotSupportedException("out of a void");
    }
}
