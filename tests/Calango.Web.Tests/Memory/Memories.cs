using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Memory;

/// <summary>What people do with the memory of their chats.</summary>
internal static class Memories
{
    /// <summary>The model that places messages.</summary>
    public const string Embedder = "text-embedding-3-small";

    /// <summary>A server whose model service has an embedding model that knows reptiles and bread by several names.</summary>
    public static async Task<TestApp> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        var app = await TestApp.StartAsync(kind);
        (app.Upstream.Models, app.Upstream.VectorLength) = (["fake", Embedder], 1536);
        app.Upstream.Subjects = [["gecko", "reptile", "lagart"], ["dough", "bread", "massa"]];
        return app;
    }

    /// <summary>Asks in a chat of its own, and waits for the answer. Returns the chat's path.</summary>
    public static async Task<string> AskAsync(this Visitor visitor, TestApp app, string question, string answer, CancellationToken cancellationToken)
    {
        app.Upstream.Default = new UpstreamReply { Text = answer };
        await visitor.PostAsync("/models/titles", cancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        await visitor.PostAsync("/messages", cancellationToken, ("Text", question), ("Model", app.Model.ToString()));
        await visitor.WholeAsync(visitor.Path, answers: 1, cancellationToken);
        return visitor.Path.Split('?')[0];
    }

    /// <summary>Wants it, by a model. Whoever wants it already has the server look for new messages at once, as it does each minute.</summary>
    public static async Task RememberAsync(this Visitor visitor, CancellationToken cancellationToken, string embedder = Embedder)
    {
        var page = await visitor.GetAsync("/preferences", cancellationToken);
        var offered = page.QuerySelectorAll("#memory-embedder option, #chat-memory input[name=Embedder]").Select(field => field.GetAttribute("value")!);
        await visitor.PostAsync("/memory", cancellationToken, ("On", "true"), ("Embedder", offered.Single(value => value.EndsWith($"/{embedder}", StringComparison.Ordinal))));
    }

    /// <summary>Does not want it any more.</summary>
    public static Task ForgetAsync(this Visitor visitor, CancellationToken cancellationToken) => visitor.PostAsync("/memory", cancellationToken);

    /// <summary>What the preferences say of how far it is.</summary>
    public static async Task<string> StateAsync(this Visitor visitor, CancellationToken cancellationToken) =>
        (await visitor.GetAsync("/preferences", cancellationToken)).QuerySelector("#chat-memory-state")?.TextContent.Trim() ?? "";

    /// <summary>Waits until the preferences say so.</summary>
    public static Task UntilAsync(this Visitor visitor, string state, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        state, async () => (await visitor.StateAsync(cancellationToken)).Contains(state, StringComparison.Ordinal), cancellationToken);

    /// <summary>Looks for something on the search page.</summary>
    public static Task<IHtmlDocument> SearchAsync(this Visitor visitor, string query, CancellationToken cancellationToken) => visitor.GetAsync($"/search?q={Uri.EscapeDataString(query)}", cancellationToken);

    /// <summary>The texts of what it shows as found by meaning.</summary>
    public static IReadOnlyList<string> ByMeaning(this IHtmlDocument page) =>
        [.. page.QuerySelectorAll("main [data-hit]:has([data-meaning]) .hit__text").Select(hit => hit.TextContent)];
}
