using System.Text;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Exchange;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Exchange;

/// <summary>Hands out chats as files, in one form or another, to whoever asks for them in a browser or with a program.</summary>
internal sealed class ChatDownloads(ChatExport export, ChatMarkdown markdown, MessageTree tree, PartialRenderer partials, PageText text)
{
    /// <summary>One chat.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="format"><c>json</c>, <c>markdown</c> or <c>html</c>.</param>
    /// <param name="context">The request, which is answered.</param>
    /// <exception cref="NotFoundException">There is no such chat of theirs.</exception>
    /// <exception cref="RejectedException"><c>exchange.format</c>.</exception>
    public async Task SendAsync(Guid accountId, Guid chatId, string? format, HttpContext context)
    {
        var cancelled = context.RequestAborted;
        var (chat, hasFiles) = await export.FindAsync(accountId, chatId, cancelled);
        var name = ChatNames.Of(chat, text["chat.untitled"]);
        switch (format)
        {
            case "json" when hasFiles:
                Announce(context, "application/zip", $"{name}.zip");
                await export.WriteAllAsync(accountId, [chatId], context.Response.Body, cancelled);
                break;
            case "json":
                Announce(context, "application/json", $"{name}.json");
                await export.WriteAsync(chat, context.Response.Body, cancelled);
                break;
            case "markdown":
                Announce(context, "text/markdown; charset=utf-8", $"{name}.md");
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(await markdown.WriteAsync(accountId, chat, cancelled)), cancelled);
                break;
            case "html":
                var path = await tree.PageAsync(accountId, chatId, before: null, int.MaxValue, cancelled) ?? throw new NotFoundException();
                var html = await partials.RenderAsync(context, "/Pages/Chat/_Document.cshtml", new DocumentView(chat, path.Messages, IsFile: true));
                Announce(context, "text/html; charset=utf-8", $"{name}.html");
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), cancelled);
                break;
            default:
                throw new RejectedException("exchange.format");
        }
    }

    /// <summary>All chats of somebody, or some of them, as an archive.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="only">Which; none: all.</param>
    /// <param name="format"><c>json</c> or <c>markdown</c>.</param>
    /// <param name="context">The request, which is answered.</param>
    /// <exception cref="RejectedException"><c>exchange.format</c>.</exception>
    public Task SendAllAsync(Guid accountId, IReadOnlyCollection<Guid> only, string? format, HttpContext context)
    {
        switch (format)
        {
            case "json":
                Announce(context, "application/zip", "calango-chats.zip");
                return export.WriteAllAsync(accountId, only, context.Response.Body, context.RequestAborted);
            case "markdown":
                Announce(context, "application/zip", "calango-chats-markdown.zip");
                return markdown.WriteAllAsync(accountId, only, context.Response.Body, context.RequestAborted);
            default:
                throw new RejectedException("exchange.format");
        }
    }

    private static void Announce(HttpContext context, string type, string name)
    {
        context.Response.ContentType = type;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
    }
}
