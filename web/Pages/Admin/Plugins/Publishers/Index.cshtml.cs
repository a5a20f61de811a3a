using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins.Publishers;

/// <summary>Whom this server trusts, and what was taken back.</summary>
public sealed class Index(PluginTrust trust, PageText text) : PageModel
{
    /// <summary>The publishers.</summary>
    public IReadOnlyList<TrustedPublisher> Publishers => trust.Publishers;

    /// <summary>Ids of keys and digests of packages.</summary>
    public IReadOnlyList<string> Revoked => trust.Revoked;

    /// <summary>What was entered, where it was refused.</summary>
    public (string? Name, string? Key) Entered { get; private set; }

    /// <summary>Why it was refused; null: it wasn't.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows them.</summary>
    public void OnGet()
    {
        // All of it is read where it is shown.
    }

    /// <summary>Trusts one.</summary>
    /// <param name="name">As its packages name it.</param>
    /// <param name="key">Its public key.</param>
    /// <param name="digest">The package that was looked at, to go on with; null: none was.</param>
    /// <param name="catalog">The catalog that it is from.</param>
    public IActionResult OnPost(string? name, string? key, string? digest, Guid? catalog)
    {
        try
        {
            trust.Add(name ?? "", key ?? "");
        }
        catch (RejectedException rejected)
        {
            (Entered, Refusal) = ((name, key), text.Error(Fault.Of(rejected)));
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        return this.Go(digest is null ? "/admin/plugins/publishers" : $"/admin/plugins/inspection?digest={Uri.EscapeDataString(digest)}&catalog={catalog}");
    }
}
