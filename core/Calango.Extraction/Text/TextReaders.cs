using System.Text;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Text without marks: its empty lines are all the structure it has.</summary>
internal static class TextReaders
{
    public static void ReadPlain(string path, DocumentWriter document) => AddParagraphs(Bytes.ReadText(path), document);

    public static void ReadCode(string path, DocumentWriter document) => document.Add(UnitKind.Code, Bytes.ReadText(path));

    /// <summary>Adds what lies between empty lines, each by itself.</summary>
    public static void AddParagraphs(string text, DocumentWriter document)
    {
        var paragraph = new StringBuilder();
        foreach (var line in Texts.Clean(text).Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                document.Add(UnitKind.Paragraph, paragraph.ToString());
                paragraph.Clear();
            }
            else
            {
                paragraph.Append(line.TrimEnd()).Append('\n');
            }
        }

        document.Add(UnitKind.Paragraph, paragraph.ToString());
    }
}
