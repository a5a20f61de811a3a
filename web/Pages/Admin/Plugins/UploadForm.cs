namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The form to hand in a package.</summary>
/// <param name="Refusal">Why the last one was refused; null: none was.</param>
public sealed record UploadForm(string? Refusal);
