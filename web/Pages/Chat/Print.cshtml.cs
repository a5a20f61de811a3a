using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Exchange;
using Calango.Web.Text;

namespace Calango.Web.Pages.Chat;

/// <summary>A chat as a document of its own: to be printed, or kept as PDF.</summary>
public sealed class Print(Viewer viewer, ChatViews views, MessageTree tree) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public DocumentView Document { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var path = await tree.PageAsync(AccountId, ConversationId, before: null, int.MaxValue, cancellationToken) ?? throw new NotFoundException();
        Document = new DocumentView(path.Conversation, path.Messages, IsFile: false);
        Response.Headers.ContentSecurityPolicy = DocumentView.PolicyOfPage;
    }
}
