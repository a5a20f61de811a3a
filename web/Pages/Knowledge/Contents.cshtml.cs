using System.Text;
using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>One collection: what is in it, and how far that has come.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Contents(Collections collections, Documents documents, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    // And the form around it.
    private const long LargestBody = DocumentIntake.LargestFile + (1 << 20);

    /// <summary>What names are searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The name of the last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; set; }

    /// <summary>The collection.</summary>
    public CollectionOverview Overview { get; private set; } = null!;

    /// <summary>Its documents.</summary>
    public IReadOnlyList<Document> Shown { get; private set; } = [];

    /// <summary>After which name the next page begins; null: there is none.</summary>
    public string? Next { get; private set; }

    /// <summary>Why documents were not put there, one line each.</summary>
    public IReadOnlyList<string> Refusals { get; private set; } = [];

    /// <summary>The text that was pasted and not taken.</summary>
    public (string? Name, string? Text) Pasted { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => $"/knowledge/{Overview.Collection.Id}";

    /// <summary>The address of the list as it is shown.</summary>
    public string ListUrl => $"{Address}?q={Uri.EscapeDataString(Query ?? "")}&after={Uri.EscapeDataString(After ?? "")}";

    /// <summary>Something on it is under way.</summary>
    public bool IsLive => Overview.UnderWay > 0;

    /// <summary>The viewer may add documents, and remove them.</summary>
    public bool CanWrite => Overview.Right >= CollectionRight.Write && viewer.Grants.HasFlag(Grants.Chat);

    /// <summary>The viewer may set it up, share it and remove it.</summary>
    public bool CanManage => Overview.Right >= CollectionRight.Manage && viewer.Grants.HasFlag(Grants.Chat);

    /// <summary>Shows it, or the list alone.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        if (Overview.Collection.ConversationId is { } chat)
        {
            return Redirect($"/chat/{chat}");
        }

        return Request.IsFor("documents") ? Partial("_Documents", this) : Page();
    }

    /// <summary>Puts files there, or a text that was pasted.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, List<IFormFile> files, string? name, string? content, CancellationToken cancellationToken)
    {
        await collections.FindAsync(viewer.AccountId, id, CollectionRight.Write, cancellationToken);
        Refusals = files.Count > 0 ? await AddFilesAsync(id, files, cancellationToken)
            : !Request.Form.ContainsKey("Content") ? [text["knowledge.add.nothing"]]
            : await TryAsync(name?.Trim(), () => AddTextAsync(id, name?.Trim() ?? "", content ?? "", cancellationToken));
        if (Refusals.Count == 0)
        {
            return this.Go($"/knowledge/{id}");
        }

        Pasted = (name, Request.Form.ContainsKey("Content") ? content ?? "" : null);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await ReadAsync(id, cancellationToken);
        return Page();
    }

    /// <summary>Removes it with all that is in it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken);
        await collections.RemoveAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.CollectionRemoved, $"{id} {overview.Collection.Name}");
        return this.Go("/knowledge");
    }

    private async Task<IReadOnlyList<string>> AddFilesAsync(Guid id, List<IFormFile> files, CancellationToken cancellationToken)
    {
        var refusals = new List<string>();
        foreach (var file in files)
        {
            refusals.AddRange(await TryAsync(file.FileName, async () =>
            {
                await using var bytes = file.OpenReadStream();
                await documents.AddAsync(viewer.AccountId, id, file.FileName, bytes, cancellationToken);
            }));
        }

        return refusals;
    }

    // What was pasted is text, whatever its name says.
    private async Task AddTextAsync(Guid id, string name, string content, CancellationToken cancellationToken)
    {
        var isText = name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".md", StringComparison.OrdinalIgnoreCase);
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(content));
        await documents.AddAsync(viewer.AccountId, id, name.Length == 0 || isText ? name : $"{name.Replace('/', '-').Replace('\\', '-')}.txt", bytes, cancellationToken);
    }

    // With scripts each file comes alone, and its line says what became of it.
    private async Task<IReadOnlyList<string>> TryAsync(string? name, Func<Task> add)
    {
        try
        {
            await add();
            return [];
        }
        catch (RejectedException rejected) when (!Request.IsHtmx() && rejected.Code != "collection.readOnly")
        {
            var sentence = text.Error(Fault.Of(rejected));
            return [string.IsNullOrEmpty(name) ? sentence : $"{name}: {sentence}"];
        }
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Read, cancellationToken);
        var after = string.IsNullOrEmpty(After) ? null : After;
        var found = await documents.ListAsync(viewer.AccountId, id, Query, after, PageSize + 1, cancellationToken);
        Shown = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Shown[^1].Name : null;
    }
}
