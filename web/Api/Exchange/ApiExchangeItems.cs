using System.Text.Json;
using Calango.Core.Exchange;

namespace Calango.Web.Api.Exchange;

// What /api answers of imports. Members only come along: a program that knows today's goes on working.

/// <summary>What is in a file of chats, or what has become of it.</summary>
/// <param name="Sources">The programs that have written it, each with how many chats.</param>
/// <param name="Chats">How many chats it has.</param>
/// <param name="Outcomes">What becomes of them, each with how many: <c>added</c>, <c>grown</c>, <c>known</c>, <c>busy</c>, <c>failed</c>.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Branches">How many of them are another way to go on.</param>
/// <param name="Files">How many documents.</param>
/// <param name="Models">The models that answer in it, each with how many answers.</param>
/// <param name="From">The first time in it.</param>
/// <param name="To">The last.</param>
/// <param name="Losses">What does not come along, by why, each with how often.</param>
internal sealed record ApiImportReport(
    IReadOnlyDictionary<string, int> Sources, int Chats, IReadOnlyDictionary<string, int> Outcomes, int Messages, int Branches, int Files, IReadOnlyDictionary<string, int> Models, DateTimeOffset? From, DateTimeOffset? To,
    IReadOnlyDictionary<string, int> Losses)
{
    public static ApiImportReport? Of(ImportReport? report) => report is null ? null : new(
        report.Sources, report.Chats, report.Outcomes.ToDictionary(outcome => JsonNamingPolicy.CamelCase.ConvertName(outcome.Key.ToString()), outcome => outcome.Value), report.Messages, report.Branches, report.Files, report.Models,
        report.From, report.To, report.Losses);
}

/// <summary>A file of chats that is looked at, and taken in once that is asked for.</summary>
/// <param name="Id">The import.</param>
/// <param name="FileName">The name of the file.</param>
/// <param name="State"><c>looking</c>, <c>ready</c>, <c>running</c>, <c>done</c>, <c>canceled</c> or <c>failed</c>.</param>
/// <param name="Done">How many of its chats are done.</param>
/// <param name="FailureCode">Why it failed; null: it has not.</param>
/// <param name="Plan">What is in it, and would become of it; null: nobody has looked yet.</param>
/// <param name="Result">What has become of it so far; null: nothing.</param>
/// <param name="CreatedAt">When it was brought.</param>
/// <param name="EndedAt">When it ended; null: it has not.</param>
internal sealed record ApiImport(Guid Id, string FileName, string State, int Done, string? FailureCode, ApiImportReport? Plan, ApiImportReport? Result, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    public static ApiImport Of(ChatImport import) => new(
        import.Id, import.FileName, JsonNamingPolicy.CamelCase.ConvertName(import.State.ToString()), import.Done, import.Failure, ApiImportReport.Of(import.Plan), ApiImportReport.Of(import.Result), import.CreatedAt, import.EndedAt);
}
