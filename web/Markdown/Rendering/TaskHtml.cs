using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Calango.Web.Markdown.Rendering;

/// <summary>The box of a task: shown, named for a screen reader, not to be clicked.</summary>
internal sealed class TaskHtml(MarkdownLabels labels) : HtmlObjectRenderer<TaskList>
{
    private readonly string done = $"<input type=\"checkbox\" disabled checked aria-label=\"{Html.Escape(labels.Done)}\">";
    private readonly string notDone = $"<input type=\"checkbox\" disabled aria-label=\"{Html.Escape(labels.NotDone)}\">";

    protected override void Write(HtmlRenderer renderer, TaskList task)
    {
        if (renderer.EnableHtmlForInline) renderer.Write(task.Checked ? done : notDone);
    }
}
