using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Jobs;
using Calango.Core.Quotas;
using Calango.Core.Tests.Chat;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Quotas;

/// <summary>No more is given out than there is, whoever asks at once and however calls end.</summary>
public sealed class QuotaTests
{
    private static readonly QuotaAmount Ten = new(4, 6, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Of_a_thousand_who_reserve_at_once_exactly_as_many_get_through_as_fit(DatabaseKind kind)
    {
        await using var kernel = await ChatKernel.StartAsync(kind);
        await AddAsync(kernel, limit: 1_005);
        var meter = kernel.Get<QuotaMeter>();
        var ids = Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7()).ToList();

        var outcomes = await Task.WhenAll(ids.Select(async id => (Id: id, Refused: await RefusedAsync(() => meter.ReserveAsync(id, ChatKernel.Ana, kernel.Model, Ten, Token)))));

        Assert.Equal(100, outcomes.Count(outcome => outcome.Refused is null));
        Assert.All(outcomes.Where(outcome => outcome.Refused is not null), outcome => Assert.Equal("quota.person.tokens", outcome.Refused));
        Assert.Equal((0, 1_000, 5), await StandingAsync(kernel));
        await Task.WhenAll(ids.Select(id => meter.EndAsync(id, ChatKernel.Ana, kernel.Model, outcomes.Single(outcome => outcome.Id == id).Refused is null ? Ten : QuotaAmount.None)));
        Assert.Equal((1_000, 0, 5), await StandingAsync(kernel));
    }

    [EachDatabase]
    public async Task Of_many_turns_at_once_exactly_as_many_are_asked_as_fit_and_what_they_took_counts(DatabaseKind kind)
    {
        await using var kernel = await ChatKernel.StartAsync(kind);
        // Each puts aside 110: 100 of its answer, and 10 of its prompt.
        await AddAsync(kernel, limit: 1_200);
        kernel.Upstream.Default = new UpstreamReply { HoldAfter = 1 };

        var turns = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            Turn? turn = null;
            return (Refused: await RefusedAsync(async () => turn = await SendAsync(kernel)), Turn: turn);
        }));

        var begun = turns.Where(turn => turn.Refused is null).Select(turn => turn.Turn!).ToList();
        Assert.Equal(10, begun.Count);
        Assert.Equal((0, 1_100, 100), await StandingAsync(kernel));
        await Task.WhenAll(begun.Select(turn => kernel.Turns.StopAsync(ChatKernel.Ana, turn.Id, Token)));
        var ended = await Task.WhenAll(begun.Select(kernel.EndOfAsync));
        var (used, reserved, _) = await StandingAsync(kernel);
        Assert.Equal((ended.Sum(turn => turn.FirstTokenAt is null ? 0 : (long)turn.InputTokens! + turn.OutputTokens!.Value), 0), (used, reserved));
    }

    [EachDatabase]
    public async Task What_is_put_aside_comes_back_when_its_turn_fails_and_when_its_process_dies(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await ChatKernel.StartAsync(kind, clock);
        await AddAsync(kernel, limit: 1_000);
        kernel.Upstream.Enqueue(new UpstreamReply { Status = 401 });
        await kernel.EndOfAsync(await SendAsync(kernel));
        Assert.Equal((0, 0, 1_000), await StandingAsync(kernel));

        var meter = kernel.Get<QuotaMeter>();
        await meter.ReserveAsync(Guid.CreateVersion7(), ChatKernel.Ana, kernel.Model, Ten, Token);
        Assert.Equal((0, 10, 990), await StandingAsync(kernel));
        clock.Advance(TimeSpan.FromHours(2));
        await kernel.Get<IEnumerable<Routine>>().Single(routine => routine.Name == "quota-reservations").RunAsync(Token);
        Assert.Equal((0, 0, 1_000), await StandingAsync(kernel));
    }

    [EachDatabase]
    public async Task A_quota_begins_anew_with_the_day_or_the_month_of_utc_and_what_was_added_ends_with_it(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await ChatKernel.StartAsync(kind, clock);
        var day = await AddAsync(kernel, limit: 10);
        // Ids of one millisecond are in no order.
        clock.Advance(TimeSpan.FromSeconds(1));
        var month = await AddAsync(kernel, limit: 30, QuotaPeriod.Month);
        var (meter, rules) = (kernel.Get<QuotaMeter>(), kernel.Get<QuotaRules>());
        // The second of a month, so that three days are of the same one.
        var second = new DateTimeOffset(clock.GetUtcNow().Year + 1, 1, 2, 12, 0, 0, TimeSpan.Zero);
        clock.Advance(second - clock.GetUtcNow());

        Assert.Null(await UseAsync());
        Assert.Equal("quota.person.tokens", await UseAsync());
        await rules.TopUpAsync(day, ChatKernel.Ana, 10, Token);
        Assert.Null(await UseAsync());
        Assert.Equal(second.AddHours(12), (await rules.OfAsync(ChatKernel.Ana, Token))[0].EndsAt);

        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, 0, 10), await StandingAsync(kernel));
        Assert.Null(await UseAsync());
        Assert.Equal("quota.person.tokens", await UseAsync());
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("quota.person.tokens", await UseAsync());
        Assert.Equal((30L, 0L), (await rules.OfAsync(ChatKernel.Ana, Token)).Where(standing => standing.Quota.Rule.Id == month).Select(standing => (standing.Used, standing.Left)).Single());
        clock.Advance(TimeSpan.FromDays(30));
        Assert.Null(await UseAsync());

        async Task<string?> UseAsync()
        {
            var id = Guid.CreateVersion7();
            var refused = await RefusedAsync(() => meter.ReserveAsync(id, ChatKernel.Ana, kernel.Model, Ten, Token));
            if (refused is null)
            {
                await meter.EndAsync(id, ChatKernel.Ana, kernel.Model, Ten);
            }

            return refused;
        }
    }

    [EachDatabase]
    public async Task A_refusal_by_one_quota_leaves_all_others_as_they_were(DatabaseKind kind)
    {
        await using var kernel = await ChatKernel.StartAsync(kind);
        await AddAsync(kernel, limit: 1_000);
        await AddAsync(kernel, limit: 9, QuotaPeriod.Month);

        Assert.Equal("quota.person.tokens", await RefusedAsync(() => kernel.Get<QuotaMeter>().ReserveAsync(Guid.CreateVersion7(), ChatKernel.Ana, kernel.Model, Ten, Token)));

        Assert.All(await kernel.Get<QuotaRules>().OfAsync(ChatKernel.Ana, Token), standing => Assert.Equal(0, standing.Reserved + standing.Used));
    }

    private static Task<Guid> AddAsync(ChatKernel kernel, long limit, QuotaPeriod period = QuotaPeriod.Day) =>
        kernel.Get<QuotaRules>().AddAsync(new QuotaInput(QuotaScope.Everybody, null, null, QuotaUnit.Tokens, period, limit), Token);

    private static Task<Turn> SendAsync(ChatKernel kernel) => kernel.SendAsync(
        new NewMessage(null, "Hello", Guid.CreateVersion7(), kernel.Model, "request", new ConversationSettings(null, 100, null, null)));

    private static async Task<(long Used, long Reserved, long Left)> StandingAsync(ChatKernel kernel)
    {
        var standing = (await kernel.Get<QuotaRules>().OfAsync(ChatKernel.Ana, Token))[0];
        return (standing.Used, standing.Reserved, standing.Left);
    }

    private static async Task<string?> RefusedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (RejectedException refused)
        {
            return refused.Code;
        }
    }
}
