using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Templates;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>The viewer's own templates, or one that they may use, as a file.</summary>
public sealed class Export(Core.Templates.Templates templates, TemplateTransfer transfer, Viewer viewer) : PageModel
{
    // It is read by people, too, and goes into no page.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Hands it out: YAML if that is asked for, else JSON.</summary>
    public async Task<IActionResult> OnGetAsync(Guid? id, [FromQuery] string? format, CancellationToken cancellationToken)
    {
        var contents = id is { } one
            ? [(await templates.FindAsync(viewer.AccountId, one, TemplateRight.Use, cancellationToken)).Template.Content]
            : await transfer.OwnAsync(viewer.AccountId, cancellationToken);
        var file = TemplateFile.Write(contents);
        return format == "yaml"
            ? File(Encoding.UTF8.GetBytes(TemplateYaml.Write(file)), "application/yaml", "calango-templates.yaml")
            : File(Encoding.UTF8.GetBytes(file.ToJsonString(Readable)), "application/json", "calango-templates.json");
    }
}
