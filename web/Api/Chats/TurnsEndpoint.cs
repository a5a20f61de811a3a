using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Api.OpenAi;
using Calango.Web.Streams;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>Sends messages and waits for answers: <c>/api/messages</c>, <c>/api/turns</c>. The answer belongs to the server, whoever waits for it.</summary>
internal static class TurnsEndpoint
{
    private const int LongestWait = 60;
    private const int MaxModelLength = 500;

    public static async Task<IResult> AskAsync(HttpContext context, Turns turns, ModelNames names, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(context.Request, cancellationToken);
        var settings = new ConversationSettings(body["temperature"]?.Number(0, 2), (int?)body["maxOutputTokens"]?.Whole(1, int.MaxValue), body["systemPrompt"]?.Text(), null);
        var asked = await turns.AskAsync(
            viewer.AccountId,
            new NewMessage(body["chatId"]?.Id(), body.Needed("text").Text(), body["id"]?.Id() ?? Guid.CreateVersion7(), await ModelOfAsync(body["model"], names, cancellationToken), context.TraceIdentifier, settings),
            cancellationToken);
        return Results.Accepted($"/api/turns/{asked.Turn.Id}", ApiTurn.Of(asked.Turn));
    }

    public static async Task<ApiTurnAnswer> FindAsync(Guid id, int? wait, HttpContext context, Turns turns, MessageTree messages, StreamLimits limits, Viewer viewer, CancellationToken cancellationToken)
    {
        if (wait is < 0 or > LongestWait)
        {
            throw new RejectedException("api.range", ("param", "wait"), ("least", "0"), ("most", $"{LongestWait}"));
        }

        if (turns.Live(viewer.AccountId, id) is { } live)
        {
            using var limit = limits.Of(context);
            await WaitAsync(live.Log, TimeSpan.FromSeconds(wait ?? 0), limit.Token);
            if (limit.EndStatus is { } status)
            {
                throw new BadHttpRequestException("The wait is over.", status);
            }
        }

        var turn = await turns.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException();
        if (turn.IsRunning && turns.Live(viewer.AccountId, id) is { } going)
        {
            var sofar = going.Log.Read(0);
            return new ApiTurnAnswer(ApiTurn.Of(turn), sofar.Text, sofar.Reasoning.Length > 0 ? sofar.Reasoning : null);
        }

        var answer = (await messages.FindAsync(viewer.AccountId, turn.ConversationId, turn.Id, cancellationToken) ?? throw new NotFoundException()).Message;
        return new ApiTurnAnswer(ApiTurn.Of(turn), answer.Text, answer.Reasoning);
    }

    public static async Task<ApiTurn> StopAsync(Guid id, Turns turns, Viewer viewer, CancellationToken cancellationToken)
    {
        await turns.StopAsync(viewer.AccountId, id, cancellationToken);
        return ApiTurn.Of(await turns.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException());
    }

    private static async Task<ModelRef?> ModelOfAsync(JsonInput? name, ModelNames names, CancellationToken cancellationToken) =>
        name is not { } given ? null
        : await names.FindAsync(given.Text(MaxModelLength), cancellationToken) is { } model ? model.Ref
        : throw new RejectedException("api.model", ("param", given.Path), ("model", given.Text()));

    private static async Task WaitAsync(TurnLog log, TimeSpan longest, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(longest);
        try
        {
            for (var slice = log.Read(0); !slice.Ended && longest > TimeSpan.Zero; slice = log.Read(slice.Sequence))
            {
                await log.WaitAsync(slice.Sequence, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Not yet: whoever asked asks again.
        }
    }
}
