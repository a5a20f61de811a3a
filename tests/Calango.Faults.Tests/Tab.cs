using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A browser's tab: sends, follows, stops. What the server takes from it goes into the ledger.</summary>
internal sealed class Tab(Installation installation, Visitor visitor) : IDisposable
{
    private readonly HtmlParser _parser = new();

    /// <summary>Its requests and cookies.</summary>
    public HttpClient Http => visitor.Http;

    /// <summary>Sends a message that must be taken.</summary>
    public async Task<Sent> SendAsync(string text, Guid? conversationId = null, CancellationToken cancellationToken = default)
    {
        var sent = await TrySendAsync(text, conversationId, Guid.CreateVersion7(), cancellationToken);
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        return sent;
    }

    /// <summary>Sends a message under an id, as a page does.</summary>
    public async Task<Sent> TrySendAsync(string text, Guid? conversationId, Guid clientMessageId, CancellationToken cancellationToken)
    {
        using var response = await visitor.TryPostAsync(
            conversationId is { } id ? $"/chat/{id}/messages" : "/messages", cancellationToken,
            ("Text", text), ("ClientMessageId", clientMessageId.ToString()), ("Model", installation.Model.ToString()));
        var page = await _parser.ParseDocumentAsync(await response.Content.ReadAsStringAsync(cancellationToken), cancellationToken);
        var sent = new Sent(response.StatusCode, page, response.RequestMessage!.RequestUri!);
        if (response.IsSuccessStatusCode)
        {
            installation.Ledger.Add(new SentMessage(clientMessageId, sent.ConversationId, text));
        }

        return sent;
    }

    /// <summary>Changes the system prompt of a chat.</summary>
    public async Task SavePromptAsync(Guid conversationId, string text, CancellationToken cancellationToken)
    {
        await visitor.PostAsync($"/chat/{conversationId}/settings", cancellationToken, ("_method", "PUT"), ("SystemPrompt", text));
        installation.Ledger.Add(new SavedPrompt(conversationId, text));
    }

    /// <summary>A page that shows the newest answer of a chat, ready to follow it.</summary>
    public async Task<PageReader> ReadAsync(Guid conversationId, CancellationToken cancellationToken) =>
        Read(await OpenAsync(conversationId, cancellationToken));

    /// <summary>A page that the server has sent, ready to follow its newest answer.</summary>
    public PageReader Read(IHtmlDocument page)
    {
        var reader = new PageReader(Http, page);
        installation.Ledger.Add(reader);
        return reader;
    }

    /// <summary>The chat's page.</summary>
    public Task<IHtmlDocument> OpenAsync(Guid conversationId, CancellationToken cancellationToken) =>
        visitor.GetAsync($"/chat/{conversationId}", cancellationToken);

    /// <summary>Presses a button that posts without fields.</summary>
    public async Task PressAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(path, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Presses a button that may be refused.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] fields) =>
        visitor.TryPostAsync(path, cancellationToken, fields);

    /// <summary>Submits a form of another kind than pages do.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, HttpContent form, CancellationToken cancellationToken) => visitor.TryPostAsync(path, form, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => visitor.Dispose();
}

/// <summary>What came back for a message.</summary>
internal sealed record Sent(HttpStatusCode Status, IHtmlDocument Page, Uri Address)
{
    /// <summary>The chat that it went to.</summary>
    public Guid ConversationId => Guid.Parse(Address.Segments[2].TrimEnd('/'));

    /// <summary>The newest answer.</summary>
    public Guid TurnId => Guid.Parse(Page.QuerySelectorAll(".message--answer").Last().Id!["message-".Length..]);
}
