using System.Text.Json;

namespace Calango.Bench;

/// <summary>A text with its id.</summary>
internal sealed record JudgedText(string Id, string Text);

/// <summary>Documents, questions, and which documents belong to which question: a folder in the form of BEIR.</summary>
internal sealed record JudgedSet(IReadOnlyList<JudgedText> Documents, IReadOnlyList<JudgedText> Questions, ILookup<string, (string Document, int Grade)> Judgements)
{
    public static JudgedSet Read(string folder)
    {
        var judgements = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .Select(parts => (Question: parts[0], Document: parts[1], Grade: int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)))
            .Where(judgement => judgement.Grade > 0).ToLookup(judgement => judgement.Question, judgement => (judgement.Document, judgement.Grade));
        return new JudgedSet(
            ReadTexts(Path.Combine(folder, "corpus.jsonl")),
            [.. ReadTexts(Path.Combine(folder, "queries.jsonl")).Where(question => judgements.Contains(question.Id))],
            judgements);
    }

    private static List<JudgedText> ReadTexts(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line =>
    {
        var text = JsonElement.Parse(line);
        var title = text.TryGetProperty("title", out var named) ? named.GetString() ?? "" : "";
        return new JudgedText(text.GetProperty("_id").ToString(), $"{title}\n{text.GetProperty("text").GetString()}".Trim());
    })];
}
