using System.Text.Json;

namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IToolSource"/>. A plugin's test class derives from this and says which
/// calls its tools answer.
/// </summary>
public abstract class ToolSourceConformance
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The source under test.</summary>
    protected abstract IToolSource Source { get; }

    /// <summary>A server that works.</summary>
    protected abstract ToolServerSettings Server { get; }

    /// <summary>A call that succeeds, and a part of what it says.</summary>
    protected abstract (ToolCall Call, string Says) Good { get; }

    /// <summary>A call that the schema permits and the tool cannot do.</summary>
    protected abstract ToolCall Bad { get; }

    /// <summary>A call that does not end by itself; null: there is none.</summary>
    protected abstract ToolCall? Endless { get; }

    [Fact]
    public async Task Every_tool_can_be_offered_to_a_model()
    {
        var tools = await Source.ListAsync(Server, TestEnd);

        Assert.NotEmpty(tools);
        Assert.Equal(tools.Count, tools.Select(tool => tool.Name).Distinct().Count());
        Assert.All(tools, tool =>
        {
            Assert.NotEmpty(tool.Name);
            Assert.NotEmpty(tool.Description);
            Assert.Equal("object", JsonDocument.Parse(tool.Schema).RootElement.GetProperty("type").GetString());
        });
    }

    [Fact]
    public async Task Tools_are_listed_alike_as_long_as_nothing_changes() =>
        Assert.Equal(await Source.ListAsync(Server, TestEnd), await Source.ListAsync(Server, TestEnd));

    [Fact]
    public async Task A_call_has_its_result()
    {
        var result = await Source.InvokeAsync(Server, Good.Call, TestEnd);

        Assert.False(result.IsError, result.Text);
        Assert.Contains(Good.Says, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_mix() =>
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Source.InvokeAsync(Server, Good.Call, TestEnd))),
            result => Assert.Contains(Good.Says, result.Text, StringComparison.Ordinal));

    [Fact]
    public async Task What_a_tool_cannot_do_is_said_to_the_model()
    {
        var result = await Source.InvokeAsync(Server, Bad, TestEnd);

        Assert.True(result.IsError);
        Assert.NotEmpty(result.Text);
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_a_failure_of_its_own() =>
        Assert.Equal(
            ProviderErrorKind.ModelNotFound,
            (await Assert.ThrowsAsync<ProviderException>(() => Source.InvokeAsync(Server, new ToolCall("no_such_tool", "{}"), TestEnd))).Kind);

    [Fact]
    public async Task Arguments_that_no_schema_permits_break_nothing()
    {
        foreach (var arguments in new[] { "{}", "[]", "null", """{"unknown":1}""" })
        {
            await Record.ExceptionAsync(() => Source.InvokeAsync(Server, Good.Call with { Arguments = arguments }, TestEnd));
        }

        Assert.Contains(Good.Says, (await Source.InvokeAsync(Server, Good.Call, TestEnd)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_a_call_within_two_seconds()
    {
        Assert.SkipWhen(Endless is null, "No tool of this source takes long.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var call = Source.InvokeAsync(Server, Endless, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(StopLimit, TestEnd));
    }

    [Fact]
    public async Task A_server_that_was_closed_can_be_used_again_and_closing_twice_is_fine()
    {
        await Source.InvokeAsync(Server, Good.Call, TestEnd);
        await Source.CloseAsync(Server.Id);
        await Source.CloseAsync(Server.Id);

        Assert.Contains(Good.Says, (await Source.InvokeAsync(Server, Good.Call, TestEnd)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_closed_for_one_person_stays_open_for_others_and_can_be_used_again()
    {
        var (one, other) = (Server with { Person = Guid.CreateVersion7() }, Server with { Person = Guid.CreateVersion7() });
        await Source.InvokeAsync(one, Good.Call, TestEnd);
        await Source.InvokeAsync(other, Good.Call, TestEnd);
        await Source.CloseAsync(Server.Id, one.Person.Value);
        await Source.CloseAsync(Server.Id, one.Person.Value);

        Assert.Contains(Good.Says, (await Source.InvokeAsync(other, Good.Call, TestEnd)).Text, StringComparison.Ordinal);
        Assert.Contains(Good.Says, (await Source.InvokeAsync(one, Good.Call, TestEnd)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_can_be_drawn() =>
        Assert.All(Source.Settings, field =>
        {
            Assert.Matches("^[a-z][A-Za-z0-9]*$", field.Name);
            Assert.False(field is { Kind: SettingKind.Secret, Default: not null });
        });
}
