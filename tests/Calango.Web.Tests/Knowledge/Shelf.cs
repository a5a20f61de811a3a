using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Knowledge;

/// <summary>What people do with collections.</summary>
internal static class Shelf
{
    /// <summary>Makes a collection, in which words alone are compared, and returns its path.</summary>
    public static async Task<string> MakeCollectionAsync(this Visitor visitor, string name, CancellationToken cancellationToken)
    {
        await visitor.GetAsync("/knowledge", cancellationToken);
        await visitor.PostAsync("/knowledge", cancellationToken, ("Name", name), ("Description", ""), ("Embedder", ""));
        return visitor.Path;
    }

    /// <summary>Hands in files, as the form does where no scripts run.</summary>
    public static async Task<HttpResponseMessage> TryAddAsync(this Visitor visitor, string collection, CancellationToken cancellationToken, params (string Name, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        return await visitor.TryPostAsync(collection, form, cancellationToken);
    }

    /// <summary>Hands in texts, and waits until they can be found. Returns the list of documents.</summary>
    public static async Task<IHtmlDocument> AddAsync(this Visitor visitor, string collection, CancellationToken cancellationToken, params (string Name, string Text)[] files)
    {
        using var added = await visitor.TryAddAsync(collection, cancellationToken, [.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text)))]);
        added.EnsureSuccessStatusCode();
        return await visitor.SettledAsync(collection, cancellationToken);
    }

    /// <summary>Waits until nothing in a collection is under way.</summary>
    public static async Task<IHtmlDocument> SettledAsync(this Visitor visitor, string collection, CancellationToken cancellationToken)
    {
        IHtmlDocument page = null!;
        await Eventually.HoldsAsync(
            "nothing is under way",
            async () =>
            {
                page = await visitor.GetAsync(collection, cancellationToken);
                return !page.Documents().Any(row => row.GetAttribute("data-state") is "Waiting" or "Reading" or "Indexing");
            },
            cancellationToken);
        return page;
    }

    /// <summary>The rows of a collection's page.</summary>
    public static IReadOnlyList<IElement> Documents(this IHtmlDocument page) => [.. page.QuerySelectorAll("#documents li")];

    /// <summary>Where a row leads.</summary>
    public static string Address(this IElement row) => row.QuerySelector("a")!.GetAttribute("href")!;

    /// <summary>What is chosen for a question: the texts of the passages.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(this Visitor visitor, string collection, string question, CancellationToken cancellationToken)
    {
        var page = await visitor.GetAsync($"{collection}/search?q={Uri.EscapeDataString(question)}", cancellationToken);
        return [.. page.QuerySelectorAll("#found .passage__text").Select(passage => passage.TextContent)];
    }
}
