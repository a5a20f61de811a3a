using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginGuardTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "hi")];

    [Fact]
    public async Task What_a_plugin_should_not_throw_arrives_as_strings()
    {
        var client = new GuardedChatClient(CallsOf("careless"), new FailingClient(() => new InvalidOperationException("what a person wrote")));

        var fault = await Assert.ThrowsAsync<PluginFault>(() => ReadAsync(client));

        Assert.Equal(("careless", "System.InvalidOperationException"), (fault.PluginId, fault.ExceptionType));
        Assert.Null(fault.InnerException);
        Assert.DoesNotContain("what a person wrote", fault.ToString() + fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_providers_failure_passes_whole_but_as_a_new_object()
    {
        var thrown = new ProviderException(ProviderErrorKind.RateLimited, "slow down", 429, TimeSpan.FromSeconds(3));
        var client = new GuardedChatClient(CallsOf("honest"), new FailingClient(() => thrown));

        var caught = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync(client));

        Assert.NotSame(thrown, caught);
        Assert.Equal((thrown.Kind, thrown.ServiceMessage, thrown.StatusCode, thrown.RetryAfter), (caught.Kind, caught.ServiceMessage, caught.StatusCode, caught.RetryAfter));
    }

    [Fact]
    public async Task A_cancel_is_a_cancel_only_if_the_caller_asked_for_it()
    {
        var client = new GuardedChatClient(CallsOf("impatient"), new FailingClient(() => new OperationCanceledException()));
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<PluginFault>(() => ReadAsync(client, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(client, stop.Token));
    }

    [Fact]
    public async Task The_services_raw_objects_stay_behind_the_guard()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("hi") { RawRepresentation = new object() }]) { RawRepresentation = new object() };
        var client = new GuardedChatClient(CallsOf("chatty"), new FailingClient(null, update));

        var seen = Assert.Single(await ReadAsync(client));

        Assert.Null(seen.RawRepresentation);
        Assert.Null(seen.Contents[0].RawRepresentation);
    }

    private static PluginCalls CallsOf(string pluginId) => new(pluginId, TimeProvider.System, NullLogger.Instance, new CancellationTokenSource()) { Patience = PluginGuard.Patience };

    private static async Task<List<ChatResponseUpdate>> ReadAsync(IChatClient client, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(Question, cancellationToken: cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    private sealed class FailingClient(Func<Exception>? failure, params ChatResponseUpdate[] updates) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            foreach (var update in updates)
            {
                yield return update;
            }

            if (failure is not null)
            {
                throw failure();
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
