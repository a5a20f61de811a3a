namespace Calango.Web.Pages.Models.Local;

/// <summary>The question before a local model's files are deleted.</summary>
public sealed class Deletion(LocalModelViews views) : LocalModelPage(views)
{
    /// <summary>The model.</summary>
    public LocalModelView View { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => View = await FindAsync(cancellationToken);
}
