namespace Calango.Web.Pages.Chat;

/// <summary>One of several answers that stand side by side.</summary>
/// <param name="Item">The answer.</param>
/// <param name="Url">The page of all of them.</param>
public sealed record ComparedAnswer(MessageItem Item, string Url)
{
    /// <summary>What stands before the model's name: one may have answered twice.</summary>
    public required string Heading { get; init; }

    /// <summary>Its stream is followed. A tab has one; what it does not follow it asks for each second.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>The chat can go on with it.</summary>
    public bool CanBeKept { get; init; }

    /// <summary>Its element.</summary>
    public string ElementId => $"compared-{Item.Id}";
}
