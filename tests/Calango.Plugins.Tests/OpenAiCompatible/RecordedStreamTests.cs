using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using OpenAI;
using OpenAI.Chat;

namespace Calango.Plugins.Tests.OpenAiCompatible;

/// <summary>Streams recorded from real services, replayed as they were, in other line ends and byte by byte.</summary>
public sealed class RecordedStreamTests : ProviderTestBase
{
    private const string ChatForm = "chat.completion.chunk";

    // The test data lies beside the repository: this file is four folders below its parent.
    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string thisFile = "") =>
        Path.Combine(Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") ?? Path.Combine(thisFile, "../../../../../shared/data"), "sse");

    public static TheoryData<string> Recordings() =>
        Directory.Exists(Folder()) ? [.. Directory.GetFiles(Folder(), "*.sse").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [""];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recorded_stream_gives_the_text_that_the_official_reader_finds(string recording)
    {
        Assert.SkipWhen(recording.Length == 0, "No test data: set CALANGO_TEST_DATA.");
        var recorded = await File.ReadAllTextAsync(Path.Combine(Folder(), recording), TestEnd);
        Assert.SkipUnless(recorded.Contains(ChatForm, StringComparison.Ordinal), "Another protocol.");
        var whole = new UpstreamReply { RawBody = Encoding.UTF8.GetBytes(recorded) };
        var expected = await ReadByTheSdkAsync(whole);

        UpstreamReply[] forms = [whole, whole with { SplitBytes = true }, whole with { RawBody = Encoding.UTF8.GetBytes(recorded.ReplaceLineEndings("\r\n")) }];
        foreach (var form in forms)
        {
            var answer = await AskAsync(form);

            Assert.Null(answer.Failure);
            Assert.Equal(expected.Text, answer.Text);
            Assert.Equal(expected.FinishReason, answer.FinishReason?.Value);
            Assert.Equal(expected.ToolNames, answer.Calls.Select(call => call.Name));
            Assert.All(answer.Calls, call => Assert.Null(call.Exception));
            Assert.True(answer.Text.Length + answer.Reasoning.Length + answer.Calls.Count > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recorded_stream_of_another_protocol_is_a_failure(string recording)
    {
        Assert.SkipWhen(recording.Length == 0, "No test data: set CALANGO_TEST_DATA.");
        var recorded = await File.ReadAllBytesAsync(Path.Combine(Folder(), recording), TestEnd);
        Assert.SkipWhen(recorded.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ChatForm)) >= 0, "A stream of this protocol.");

        Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await AskAsync(new UpstreamReply { RawBody = recorded })).Failure?.Kind);
    }

    private async Task<(string Text, string? FinishReason, IReadOnlyList<string> ToolNames)> ReadByTheSdkAsync(UpstreamReply reply)
    {
        Upstream.Enqueue(reply);
        var client = new ChatClient("fake", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = Upstream.Address, RetryPolicy = new ClientRetryPolicy(0) });
        var text = new StringBuilder();
        ChatFinishReason? finishReason = null;
        List<string> toolNames = [];
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: TestEnd))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            finishReason ??= update.FinishReason;
            toolNames.AddRange(update.ToolCallUpdates.Where(call => call.FunctionName is { Length: > 0 }).Select(call => call.FunctionName));
        }

        return (text.ToString(), NameOf(finishReason), toolNames);
    }

    private static string? NameOf(ChatFinishReason? reason) => reason switch
    {
        null => null,
        ChatFinishReason.Length => "length",
        ChatFinishReason.ToolCalls => "tool_calls",
        ChatFinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
