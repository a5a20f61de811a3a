namespace Calango.Web.Htmx;

/// <summary>The few headers by which htmx and the server talk (htmx.org/reference/#headers).</summary>
public static class HtmxExtensions
{
    /// <summary>Whether htmx asks for a fragment. Going back in history asks for a whole page.</summary>
    public static bool IsHtmx(this HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-History-Restore-Request");

    /// <summary>Whether the fragment goes into the element with this id.</summary>
    public static bool IsFor(this HttpRequest request, string id) => request.IsHtmx() && request.Headers["HX-Target"] == id;

    /// <summary>The chat that is open in the page that asks; null: none is.</summary>
    public static Guid? CurrentChat(this HttpRequest request) =>
        Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var url) && Guid.TryParse(url.Segments[^1], out var id) ? id : null;

    /// <summary>Shows another address without loading it.</summary>
    public static void PushUrl(this HttpResponse response, string url) => response.Headers["HX-Push-Url"] = url;

    /// <summary>Puts the fragment elsewhere than the page had planned.</summary>
    public static void Retarget(this HttpResponse response, string selector, string swap)
    {
        response.Headers["HX-Retarget"] = selector;
        response.Headers["HX-Reswap"] = swap;
    }

    /// <summary>Raises an event in the page.</summary>
    public static void Trigger(this HttpResponse response, string name) => response.Headers["HX-Trigger"] = name;

    /// <summary>Tells the lists and the page that where chats stand has changed.</summary>
    public static void ChatsMoved(this HttpResponse response) => response.Trigger("conversations-changed, chats-moved");

    /// <summary>Goes to another page, as a redirect does without htmx.</summary>
    public static void Go(this HttpResponse response, string url) => response.Headers["HX-Redirect"] = url;

    /// <summary>Loads the page again.</summary>
    public static void Refresh(this HttpResponse response) => response.Headers["HX-Refresh"] = "true";
}
