using Calango.Core.Chat;
using Calango.Core.Models;

namespace Calango.Web.Pages.Search;

/// <summary>What can be chosen of where is looked.</summary>
public sealed class SearchChoices(Core.Chat.Folders folders, Core.Chat.Tags tags, ModelCatalog catalog, TimeProvider clock)
{
    /// <summary>Where days begin.</summary>
    public TimeZoneInfo Zone => clock.LocalTimeZone;

    /// <summary>The folders.</summary>
    public FolderTree Folders { get; private set; } = null!;

    /// <summary>The tags.</summary>
    public IReadOnlyList<TagUse> Tags { get; private set; } = [];

    /// <summary>The models, by what their services call them.</summary>
    public IReadOnlyList<string> Models { get; private set; } = [];

    /// <summary>Reads it.</summary>
    public async Task ReadAsync(Guid accountId, CancellationToken cancellationToken)
    {
        Folders = await folders.TreeAsync(accountId, cancellationToken);
        Tags = await tags.ListAsync(accountId, cancellationToken);
        Models = [.. (await catalog.ListAsync(accountId, cancellationToken)).Select(model => model.Ref.ModelId).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
    }
}
