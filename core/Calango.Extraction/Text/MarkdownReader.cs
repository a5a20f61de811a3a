using Calango.Core.Knowledge;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace Calango.Extraction;

/// <summary>Markdown: its blocks as they were written, so that links and formulas stay what they are.</summary>
internal static class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseGridTables().UseYamlFrontMatter().UsePreciseSourceLocation().Build();

    public static void Read(string path, DocumentWriter document)
    {
        var text = Texts.Clean(Bytes.ReadText(path));
        if (Parse(text) is not { } blocks)
        {
            TextReaders.AddParagraphs(text, document);
            return;
        }

        foreach (var block in blocks)
        {
            Add(block, text, document);
        }
    }

    // Null: nested deeper than anybody writes, which is text without structure.
    private static MarkdownDocument? Parse(string text)
    {
        try
        {
            return Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Add(Block block, string text, DocumentWriter document)
    {
        var source = block.Span.IsEmpty ? "" : text.Substring(block.Span.Start, Math.Min(block.Span.Length, text.Length - block.Span.Start));
        switch (block)
        {
            case HeadingBlock heading:
                document.Heading(heading.Level, TitleOf(source));
                break;
            case Table:
                document.Add(UnitKind.Table, source);
                break;
            case YamlFrontMatterBlock:
                document.Title = source.Split('\n').FirstOrDefault(line => line.StartsWith("title:", StringComparison.OrdinalIgnoreCase))?[6..].Trim(' ', '"', '\'');
                document.Add(UnitKind.Code, source);
                break;
            case CodeBlock:
                document.Add(UnitKind.Code, source);
                break;
            case ListBlock:
                document.Add(UnitKind.List, source);
                break;
            case LinkReferenceDefinitionGroup:
                break;
            default:
                document.Add(UnitKind.Paragraph, source);
                break;
        }
    }

    // Of "## Title ##" and of a line that is underlined.
    private static string TitleOf(string source) =>
        source.StartsWith('#') ? source.Trim().Trim('#') : source.TrimEnd('=', '-', ' ', '\n');
}
