using Calango.Web.Text;

namespace Calango.Web.Pages.Chat;

/// <summary>What is left of a deleted chat: the way to bring it back.</summary>
public sealed class Deleted(Viewer viewer, ChatViews views) : ChatPage(viewer, views);
