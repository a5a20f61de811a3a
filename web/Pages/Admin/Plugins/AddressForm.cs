namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The form to name the address of a package.</summary>
/// <param name="Address">What was entered.</param>
/// <param name="Refusal">Why it was refused; null: it wasn't.</param>
public sealed record AddressForm(string? Address, string? Refusal);
