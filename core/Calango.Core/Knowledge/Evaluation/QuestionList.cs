using System.Text.Json;
using Calango.Core.Errors;

namespace Calango.Core.Knowledge;

/// <summary>
/// Questions as people hand them in: a line each, the question and then the names of the documents, with tabs between them, as a
/// spreadsheet copies its cells; or JSON Lines with <c>question</c> and <c>documents</c>.
/// </summary>
internal static class QuestionList
{
    /// <exception cref="RejectedException"><c>evaluation.line</c>: a line is neither. <c>evaluation.none</c>: there is no line.</exception>
    public static List<(string Text, IReadOnlyList<string> Documents)> Read(string lines)
    {
        var questions = lines.Split('\n').Select((line, index) => (Line: line.Trim('\r', ' ', '\uFEFF'), Number: index + 1)).Where(line => line.Line.Length > 0)
            .Select(line => (line.Line.StartsWith('{') ? OfJson(line.Line) : OfCells(line.Line)) ?? throw new RejectedException("evaluation.line", ("line", $"{line.Number}"))).ToList();
        return questions.Count > 0 ? questions : throw new RejectedException("evaluation.none");
    }

    private static (string, IReadOnlyList<string>)? OfCells(string line) =>
        line.Split('\t', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var text, .. { Length: > 0 } documents] ? Checked(text, documents) : null;

    private static (string, IReadOnlyList<string>)? OfJson(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonQuestion>(line, JsonSerializerOptions.Web) is { Question: { } text, Documents: { Count: > 0 } documents } ? Checked(text, documents) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string, IReadOnlyList<string>)? Checked(string text, IReadOnlyList<string> documents) =>
        text.Trim() is { Length: > 0 and <= EvaluationQuestion.MaxTextLength } && documents.All(name => !string.IsNullOrWhiteSpace(name)) ? (text.Trim(), documents) : null;

    private sealed record JsonQuestion(string? Question, IReadOnlyList<string>? Documents);
}
