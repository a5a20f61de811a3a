using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>All answers to a question, side by side.</summary>
public sealed class Compared(Viewer viewer, PageText text, ChatViews views, MessageTree tree) : ChatPage(viewer, views)
{
    /// <summary>What was asked.</summary>
    public Message Question { get; private set; } = null!;

    /// <summary>The answers, oldest first.</summary>
    public IReadOnlyList<ComparedAnswer> Answers { get; private set; } = [];

    /// <summary>One of them is still being written.</summary>
    public bool IsRunning => Answers.Any(answer => answer.Item.View.Turn is { IsRunning: true });

    /// <summary>Shows them, or one as it is now.</summary>
    public async Task<IActionResult> OnGetAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var question = await tree.FindAsync(AccountId, ConversationId, messageId, cancellationToken);
        var answers = await tree.AnswersAsync(AccountId, ConversationId, messageId, cancellationToken);
        if (question is null || answers.Count == 0)
        {
            throw new NotFoundException();
        }

        Question = question.Message;
        var followed = Request.IsHtmx() ? null : answers.FirstOrDefault(answer => answer.Turn is { IsRunning: true });
        Answers = [.. answers.Select((answer, place) => new ComparedAnswer(new MessageItem(ConversationId, answer), $"{ChatUrl}/messages/{messageId}/compared") { Heading = $"{text.Number(place + 1)}.", IsFollowed = answer == followed, CanBeKept = true })];
        return Answers.FirstOrDefault(answer => Request.IsFor(answer.ElementId)) is { } wanted ? Partial("_ComparedAnswer", wanted) : Page();
    }
}
