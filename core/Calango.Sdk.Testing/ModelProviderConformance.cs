using Microsoft.Extensions.AI;

namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IModelProvider"/>. A plugin's test class derives from this and says how
/// its service is made to do each thing; a thing that its service cannot do is skipped, visibly.
/// </summary>
public abstract class ModelProviderConformance
{
    /// <summary>What the service says when told to <see cref="ServiceMove.Say"/>.</summary>
    public const string Words = "one two three";

    /// <summary>What it says in <see cref="ServiceMove.SayUnicodeByteByByte"/>.</summary>
    public const string UnicodeWords = "ação € 🦎";

    /// <summary>A socket must be closed this long after a stop.</summary>
    protected static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    // Only against a hang: what has a limit of its own says so.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The failures that a service's answer or the network can cause.</summary>
    public static TheoryData<ProviderErrorKind> ServiceFailures { get; } =
    [
        ProviderErrorKind.HostNotFound, ProviderErrorKind.Unreachable, ProviderErrorKind.InsecureConnection,
        ProviderErrorKind.Unauthorized, ProviderErrorKind.Forbidden, ProviderErrorKind.PaymentRequired,
        ProviderErrorKind.EndpointNotFound, ProviderErrorKind.ModelNotFound, ProviderErrorKind.ContextTooLong,
        ProviderErrorKind.ContentRefused, ProviderErrorKind.InvalidRequest, ProviderErrorKind.RateLimited,
        ProviderErrorKind.ServiceFailed, ProviderErrorKind.UnexpectedFormat,
    ];

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The provider under test.</summary>
    protected abstract IModelProvider Provider { get; }

    /// <summary>A message that makes the service do this; null if it cannot.</summary>
    protected abstract string? PromptFor(ServiceMove move);

    /// <summary>A client whose next request fails so, and the message to send; null if it cannot.</summary>
    protected abstract (IChatClient Client, string Prompt)? FailingWith(ProviderErrorKind kind);

    /// <summary>A client of a model that works.</summary>
    protected abstract IChatClient Connect();

    /// <summary>Ends when the service sees that the last request's client is gone; null where there is no socket.</summary>
    protected virtual Task? SocketClosed => null;

    [Fact]
    public void The_id_is_lower_case_and_the_first_preset_fills_required_settings()
    {
        Assert.Matches("^[a-z][a-z0-9-]*$", Provider.Id);
        Assert.NotEmpty(Provider.Presets);
        Assert.All(Provider.Settings.Where(field => field.Required && field.Kind != SettingKind.Secret), field =>
            Assert.True(field.Default is not null || Provider.Presets[0].Values.ContainsKey(field.Name), field.Name));
    }

    [Fact]
    public async Task A_text_comes_in_pieces_and_ends_with_stop()
    {
        var answer = await AskAsync(ServiceMove.Say);

        Assert.Equal(Words, answer.Text);
        Assert.True(answer.Updates >= 3);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Null(answer.Failure);
    }

    [Fact]
    public async Task The_whole_answer_is_the_streamed_one()
    {
        var response = await Connect().GetResponseAsync(Messages(Prompt(ServiceMove.Say)), cancellationToken: TestEnd);

        Assert.Equal(Words, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task Characters_cut_in_two_by_the_network_arrive_whole() =>
        Assert.Equal(UnicodeWords, (await AskAsync(ServiceMove.SayUnicodeByteByByte)).Text);

    [Fact]
    public async Task Reasoning_is_kept_apart_from_the_text()
    {
        var answer = await AskAsync(ServiceMove.Reason);

        Assert.NotEmpty(answer.Reasoning);
        Assert.NotEmpty(answer.Text);
    }

    [Fact]
    public async Task A_tool_call_comes_once_and_whole()
    {
        var answer = await AskAsync(ServiceMove.CallTool, new ChatOptions { Tools = [Weather()] });

        Assert.Null(answer.Failure);
        var call = Assert.Single(answer.Calls);
        Assert.Equal("weather", call.Name);
        Assert.NotEmpty(call.CallId);
        Assert.Null(call.Exception);
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
    }

    [Fact]
    public async Task Usage_is_counted_once()
    {
        var answer = await AskAsync(ServiceMove.Say);

        Assert.NotNull(answer.Usage);
        Assert.True(answer.Usage.OutputTokenCount > 0);
    }

    [Theory]
    [InlineData(ServiceMove.EndAtLimit, "length")]
    [InlineData(ServiceMove.EndByFilter, "content_filter")]
    public async Task The_reason_for_an_end_is_told(ServiceMove move, string reason) =>
        Assert.Equal(new ChatFinishReason(reason), (await AskAsync(move)).FinishReason);

    [Fact]
    public async Task An_end_without_a_reason_stays_without_one()
    {
        var answer = await AskAsync(ServiceMove.EndWithoutReason);

        Assert.NotEmpty(answer.Text);
        Assert.Null(answer.FinishReason);
        Assert.Null(answer.Failure);
    }

    [Fact]
    public async Task A_broken_connection_keeps_what_came_and_fails()
    {
        var answer = await AskAsync(ServiceMove.BreakConnection);

        Assert.NotEmpty(answer.Text);
        Assert.Null(answer.FinishReason);
        Assert.Equal(ProviderErrorKind.ConnectionLost, answer.Failure?.Kind);
    }

    [Theory]
    [InlineData(ServiceMove.SendEndlessLine)]
    [InlineData(ServiceMove.SayEndlessly)]
    public async Task What_has_no_end_is_cut(ServiceMove move) =>
        Assert.Equal(ProviderErrorKind.StreamTooLarge, (await AskAsync(move)).Failure?.Kind);

    [Fact]
    public async Task Garbage_in_an_answer_is_a_failure() =>
        Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await AskAsync(ServiceMove.SendGarbage)).Failure?.Kind);

    [Fact]
    public async Task A_failure_midway_keeps_what_came()
    {
        var answer = await AskAsync(ServiceMove.FailMidway);

        Assert.NotEmpty(answer.Text);
        Assert.Equal(ProviderErrorKind.ServiceFailed, answer.Failure?.Kind);
    }

    [Theory]
    [MemberData(nameof(ServiceFailures))]
    public async Task Each_failure_has_its_kind(ProviderErrorKind kind)
    {
        var failing = FailingWith(kind);
        Assert.SkipWhen(failing is null, "This service cannot fail so.");

        var (client, prompt) = failing.Value;
        var answer = await Answer.ReadAsync(client.GetStreamingResponseAsync(Messages(prompt), cancellationToken: TestEnd));

        Assert.Equal(kind, answer.Failure?.Kind);
        Assert.Empty(answer.Text);
    }

    [Fact]
    public async Task A_stop_ends_a_silent_answer_within_two_seconds()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        await using var updates = Connect().GetStreamingResponseAsync(Messages(Prompt(ServiceMove.Stall)), cancellationToken: stop.Token).GetAsyncEnumerator(TestEnd);
        await updates.MoveNextAsync();

        var next = ReadToEndAsync(updates);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(StopLimit, TestEnd));
        await (SocketClosed ?? Task.CompletedTask).WaitAsync(StopLimit, TestEnd);
    }

    [Fact]
    public async Task Leaving_a_stream_closes_its_socket()
    {
        Assert.SkipWhen(SocketClosed is null && !HasSocket, "There is no socket.");

        await foreach (var _ in Connect().GetStreamingResponseAsync(Messages(Prompt(ServiceMove.Stall)), cancellationToken: TestEnd))
        {
            break;
        }

        await SocketClosed!.WaitAsync(StopLimit, TestEnd);
    }

    [Fact]
    public async Task Many_answers_at_once_do_not_mix()
    {
        using var client = Connect();
        var prompt = Prompt(ServiceMove.Say);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Answer.ReadAsync(client.GetStreamingResponseAsync(Messages(prompt), cancellationToken: TestEnd))));

        Assert.All(answers, answer => Assert.Equal(Words, answer.Text));
    }

    /// <summary>Whether requests go over a socket whose end can be seen.</summary>
    protected virtual bool HasSocket => false;

    /// <summary>One user message.</summary>
    protected static ChatMessage[] Messages(string text) => [new(ChatRole.User, text)];

    /// <summary>A tool that a model may call.</summary>
    protected static AIFunction Weather() => AIFunctionFactory.Create((string city) => $"Sunny in {city}", "weather", "The weather in a city.");

    private Task<Answer> AskAsync(ServiceMove move, ChatOptions? options = null) =>
        Answer.ReadAsync(Connect().GetStreamingResponseAsync(Messages(Prompt(move)), options, TestEnd)).WaitAsync(Patience, TestEnd);

    private string Prompt(ServiceMove move)
    {
        var prompt = PromptFor(move);
        Assert.SkipWhen(prompt is null, "This service cannot do that.");
        return prompt;
    }

    private static async Task ReadToEndAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        while (await updates.MoveNextAsync())
        {
        }
    }
}
