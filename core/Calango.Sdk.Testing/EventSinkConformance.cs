namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IEventSink"/>. A plugin's test class derives from this and says how its
/// service is made to do each thing; a thing that its service cannot do is skipped, visibly.
/// </summary>
public abstract class EventSinkConformance
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>The failures that a service's answer or the network can cause.</summary>
    public static TheoryData<ProviderErrorKind> ServiceFailures { get; } =
    [
        ProviderErrorKind.HostNotFound, ProviderErrorKind.Unreachable, ProviderErrorKind.InsecureConnection, ProviderErrorKind.Unauthorized,
        ProviderErrorKind.Forbidden, ProviderErrorKind.EndpointNotFound, ProviderErrorKind.InvalidRequest, ProviderErrorKind.RateLimited,
        ProviderErrorKind.ServiceFailed, ProviderErrorKind.UnexpectedFormat, ProviderErrorKind.ConnectionLost,
    ];

    /// <summary>Texts that are hard to write down.</summary>
    public static TheoryData<string> OddTexts { get; } = ["", "\0\u0001\r\n\t\"\\</script>", "half a pair: \ud83e", "ação € 🦎 你好 \u2028", new string('x', 1_000_000)];

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The sink under test.</summary>
    protected abstract IEventSink Sink { get; }

    /// <summary>Settings with which the service takes events.</summary>
    protected abstract SettingsValues Settings { get; }

    /// <summary>The secret in the settings; null: there is none.</summary>
    protected abstract string? Secret { get; }

    /// <summary>All that the service has taken, as text.</summary>
    protected abstract string Taken { get; }

    /// <summary>Makes the service fail so, with a message that quotes the secret where it says something, and returns the settings that reach it; null: it cannot.</summary>
    protected abstract SettingsValues? FailingWith(ProviderErrorKind kind);

    /// <summary>Makes the service ask to wait for so long; false: it cannot.</summary>
    protected abstract bool AskToWait(TimeSpan time);

    /// <summary>Makes the service take the request and not answer; false: it cannot.</summary>
    protected abstract bool Stall();

    /// <summary>Settings with which nothing can be sent anywhere.</summary>
    protected virtual SettingsValues WrongSettings => new(new Dictionary<string, string> { ["address"] = "nowhere" });

    [Fact]
    public void Every_setting_can_be_drawn_and_every_secret_is_one()
    {
        Assert.All(Sink.Settings, field => Assert.Matches("^[a-z][A-Za-z0-9]*$", field.Name));
        Assert.All(Sink.Settings.Where(field => Secret is not null && Settings[field.Name] == Secret), field => Assert.Equal(SettingKind.Secret, field.Kind));
        Assert.DoesNotContain(Sink.Settings, field => field is { Kind: SettingKind.Secret, Default: not null });
    }

    [Fact]
    public async Task An_event_arrives_with_its_ids_its_model_and_its_numbers()
    {
        var one = SampleEvents.Answer with { InputTokens = 1234, OutputTokens = 567, CostUsd = 0.00891m };

        await Sink.SendAsync([one], Settings, TestEnd);

        Assert.All(
            [one.ModelId!, one.Provider!, "1234", "567", "0.00891", one.ConversationId.ToString(), one.AccountId.ToString()],
            part => Assert.Contains(part, Taken, StringComparison.Ordinal));
        Assert.Contains(one.TurnId.ToString("N"), Taken.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_turn_failed_arrives()
    {
        await Sink.SendAsync([SampleEvents.Answer with { Outcome = ModelOutcome.Failed, FailureCode = "provider.rateLimited" }], Settings, TestEnd);

        Assert.Contains("provider.rateLimited", Taken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_given_arrives()
    {
        await Sink.SendAsync([SampleEvents.Answer with { Text = SampleEvents.Text("first question", "last answer") }], Settings, TestEnd);

        Assert.Contains("first question", Taken, StringComparison.Ordinal);
        Assert.Contains("last answer", Taken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_each_task_and_outcome_is_taken_however_little_is_known_of_it()
    {
        var little = new ModelEvent
        {
            Id = Guid.CreateVersion7(), Task = ModelTask.Answer, TurnId = Guid.CreateVersion7(), ConversationId = Guid.Empty, AccountId = Guid.Empty,
            Outcome = ModelOutcome.Stopped, StartedAt = SampleEvents.Answer.StartedAt, EndedAt = SampleEvents.Answer.StartedAt,
        };
        var each = from task in Enum.GetValues<ModelTask>()
                   from outcome in Enum.GetValues<ModelOutcome>()
                   from one in new[] { little, SampleEvents.Answer }
                   select one with { Id = Guid.CreateVersion7(), Task = task, Outcome = outcome };

        await Sink.SendAsync([.. each], Settings, TestEnd);

        Assert.NotEmpty(Taken);
    }

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task Any_text_is_taken(string text)
    {
        await Sink.SendAsync([SampleEvents.Answer with { Text = SampleEvents.Text(text, text) }], Settings, TestEnd);

        Assert.NotEmpty(Taken);
    }

    [Fact]
    public async Task An_answer_with_calls_of_tools_is_taken_with_and_without_what_was_said_in_them()
    {
        await Sink.SendAsync([SampleEvents.WithTools(), SampleEvents.WithTools() with { Text = SampleEvents.TextWithTools("{\"a\":\"\\u0000\"}", "half a pair: \ud83e") }], Settings, TestEnd);

        Assert.NotEmpty(Taken);
    }

    [Fact]
    public async Task Many_events_at_once_all_arrive()
    {
        var many = Enumerable.Range(0, 100).Select(_ => SampleEvents.New()).ToList();

        await Sink.SendAsync(many, Settings, TestEnd);

        var taken = Taken.Replace("-", "", StringComparison.Ordinal);
        Assert.All(many, one => Assert.Contains(one.TurnId.ToString("N"), taken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_mix()
    {
        var many = Enumerable.Range(0, 20).Select(_ => SampleEvents.New()).ToList();

        await Task.WhenAll(many.Select(one => Sink.SendAsync([one], Settings, TestEnd)));

        var taken = Taken.Replace("-", "", StringComparison.Ordinal);
        Assert.All(many, one => Assert.Contains(one.TurnId.ToString("N"), taken, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ServiceFailures))]
    public async Task Each_failure_has_its_kind_and_tells_no_secret(ProviderErrorKind kind)
    {
        var settings = FailingWith(kind);
        Assert.SkipWhen(settings is null, "This service cannot fail so.");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => Sink.SendAsync([SampleEvents.Answer], settings, TestEnd));

        Assert.Equal(kind, failure.Kind);
        if (Secret is not null)
        {
            Assert.DoesNotContain(Secret, failure.ServiceMessage ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task How_long_a_service_asks_to_wait_is_told()
    {
        Assert.SkipWhen(!AskToWait(TimeSpan.FromSeconds(7)), "This service asks nobody to wait.");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => Sink.SendAsync([SampleEvents.Answer], Settings, TestEnd));

        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task Settings_that_are_missing_are_a_failure_of_their_own() =>
        Assert.Equal(
            ProviderErrorKind.InvalidSettings,
            (await Assert.ThrowsAsync<ProviderException>(() => Sink.SendAsync([SampleEvents.Answer], WrongSettings, TestEnd))).Kind);

    [Fact]
    public async Task A_stop_ends_a_delivery_within_two_seconds()
    {
        Assert.SkipWhen(!Stall(), "This service always answers.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var sending = Sink.SendAsync([SampleEvents.Answer], Settings, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(StopLimit, TestEnd));
    }
}
