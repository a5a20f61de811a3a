namespace Calango.Web.Markdown;

/// <summary>The words that the renderer itself puts into an answer, in the reader's language.</summary>
public sealed record MarkdownLabels
{
    /// <summary>The accessible name of the button that copies a code block.</summary>
    public required string Copy { get; init; }

    /// <summary>What that button says once it has copied.</summary>
    public required string Copied { get; init; }

    /// <summary>The accessible name of the button that wraps long lines.</summary>
    public required string Wrap { get; init; }

    /// <summary>The button that shows a diagram's source instead of the drawing.</summary>
    public required string ShowSource { get; init; }

    /// <summary>The button that shows the drawing again; also the drawing's accessible name.</summary>
    public required string ShowDiagram { get; init; }

    /// <summary>What a code block without a language is called.</summary>
    public required string Code { get; init; }

    /// <summary>The accessible name of a table's scroll area.</summary>
    public required string Table { get; init; }

    /// <summary>The text of a link that stands for an image on another site; {0} is the site's host.</summary>
    public required string ImageAt { get; init; }

    /// <summary>The accessible name of a ticked box in a task list.</summary>
    public required string Done { get; init; }

    /// <summary>The accessible name of an empty box in a task list.</summary>
    public required string NotDone { get; init; }
}
