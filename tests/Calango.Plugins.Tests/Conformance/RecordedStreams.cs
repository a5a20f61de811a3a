using System.Runtime.CompilerServices;
using System.Text;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Conformance;

/// <summary>
/// Streams recorded from real services, each replayed to a provider: what is of its protocol it reads as the official SDK
/// does, however the network cuts it; what is of another is a failure, never an empty answer.
/// </summary>
public abstract class RecordedStreams<TProvider>(Func<IPluginHttp, TProvider> provider) : ProviderTestBase<TProvider>(provider) where TProvider : IModelProvider
{
    public static TheoryData<string> Recordings { get; } =
        Directory.Exists(Folder()) ? [.. Directory.GetFiles(Folder(), "*.sse").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [""];

    /// <summary>What every recording of the provider's protocol has in it, and no other.</summary>
    protected abstract string Mark { get; }

    /// <summary>The answer as the official SDK puts it together.</summary>
    protected abstract Task<Reading> ReadByTheSdkAsync(UpstreamReply reply);

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recording_gives_the_official_readers_answer_or_is_refused_as_another_protocol(string recording)
    {
        Assert.SkipWhen(recording.Length == 0, "No test data: set CALANGO_TEST_DATA.");
        var recorded = await File.ReadAllTextAsync(Path.Combine(Folder(), recording), TestEnd);
        foreach (var reply in Replays(recorded))
        {
            if (recorded.Contains(Mark, StringComparison.Ordinal))
            {
                await ReadsAsTheSdkAsync(reply);
            }
            else
            {
                Assert.Equal((ProviderErrorKind.UnexpectedFormat, ""), await FailureOfAsync(reply));
            }
        }
    }

    // Most recordings are plain ASCII: in the last replay there are characters for the network to cut in two.
    private static UpstreamReply[] Replays(string recorded) =>
    [
        Replay(recorded),
        Replay(recorded) with { SplitBytes = true },
        Replay(recorded.ReplaceLineEndings("\r\n")),
        Replay(recorded.Replace(" the", " thé€🦎", StringComparison.Ordinal)) with { SplitBytes = true },
    ];

    private static UpstreamReply Replay(string recorded) => new() { RawBody = Encoding.UTF8.GetBytes(recorded) };

    private async Task ReadsAsTheSdkAsync(UpstreamReply reply)
    {
        var expected = await ReadByTheSdkAsync(reply with { SplitBytes = false });
        var answer = await AskAsync(reply);

        Assert.Null(answer.Failure);
        Assert.Equal(expected.Text, answer.Text);
        Assert.Equal(expected.Reasoning ?? answer.Reasoning, answer.Reasoning);
        Assert.Equal(expected.FinishReason, answer.FinishReason?.Value);
        Assert.Equal(expected.ToolNames, answer.Calls.Select(call => call.Name));
        Assert.All(answer.Calls, call => Assert.Null(call.Exception));
        Assert.True(answer.Text.Length + answer.Reasoning.Length + answer.Calls.Count > 0);
    }

    private async Task<(ProviderErrorKind?, string)> FailureOfAsync(UpstreamReply reply)
    {
        var answer = await AskAsync(reply);
        return (answer.Failure?.Kind, answer.Text);
    }

    // The test data lies beside the repository: this file is four folders below its parent.
    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.Combine(Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") ?? Path.Combine(thisFile, "../../../../../shared/data"), "sse");
}

/// <summary>A recorded answer as an official SDK reads it.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Reasoning">Its reasoning; null where that SDK reads none.</param>
/// <param name="FinishReason">Why it ended, in the contract's words.</param>
/// <param name="ToolNames">The tools it calls.</param>
public sealed record Reading(string Text, string? Reasoning, string? FinishReason, IReadOnlyList<string> ToolNames);
