namespace Calango.Web.Api;

/// <summary>What an operation is asked and answers, once, for whoever reads of it.</summary>
/// <param name="Request">The body, as JSON; null: it has none.</param>
/// <param name="Response">The answer, as JSON; null: it has none.</param>
internal sealed record ApiExample(string? Request, string? Response);
