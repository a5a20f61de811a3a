using System.Globalization;
using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Files;

/// <summary>All that the viewer has attached to their chats.</summary>
public sealed class Index(AttachedFiles files, Viewer viewer) : PageModel
{
    private const int PageSize = 60;

    /// <summary>The kind that is shown; null: both.</summary>
    [FromQuery(Name = "kind")]
    public AttachedKind? Kind { get; set; }

    /// <summary>Those that came before this, in ticks; null: the newest.</summary>
    [FromQuery(Name = "before")]
    public long? Before { get; set; }

    /// <summary>The files.</summary>
    public IReadOnlyList<AttachedFile> Shown { get; private set; } = [];

    /// <summary>Where earlier ones are; null: there are none.</summary>
    public string? OlderUrl { get; private set; }

    /// <summary>Where one is removed.</summary>
    public static string RemovalUrl(AttachedFile file) => file.Kind == AttachedKind.Picture ? $"/files/pictures/{file.Id}" : $"/files/chats/{file.Chats[0].Id}/{file.Id}";

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var before = Before is >= 0 and <= 3155378975999999999 ? new DateTimeOffset(Before.Value, TimeSpan.Zero) : (DateTimeOffset?)null;
        var found = await files.ListAsync(viewer.AccountId, Kind, before, PageSize + 1, cancellationToken);
        Shown = [.. found.Take(PageSize)];
        OlderUrl = found.Count > PageSize
            ? string.Create(CultureInfo.InvariantCulture, $"/files?before={Shown[^1].At.UtcTicks}{(Kind is { } kind ? $"&kind={kind}" : "")}")
            : null;
    }
}
