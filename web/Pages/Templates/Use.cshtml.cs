using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Pages.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>
/// The form of a template's variables. What is filled in goes into the composer, of a new chat or of the one that it was asked for
/// from; nothing is sent yet.
/// </summary>
[RequestSizeLimit(Attachments.LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = Attachments.LargestBody)]
public sealed class Use(Core.Templates.Templates templates, ComposerFiles composer, Viewer viewer) : PageModel
{
    /// <summary>The template.</summary>
    public Template Template { get; private set; } = null!;

    /// <summary>The form.</summary>
    public ValuesView Values { get; private set; } = null!;

    /// <summary>The chat in whose composer the text goes; null: a new one.</summary>
    public Guid? ChatId { get; private set; }

    /// <summary>That chat, once the text is there; null: the form is shown.</summary>
    public ChatView? Chat { get; private set; }

    /// <summary>Why files were not taken, one line each.</summary>
    public IReadOnlyList<string> Refusals { get; private set; } = [];

    /// <summary>Shows the form.</summary>
    public async Task OnGetAsync(Guid id, [FromQuery] Guid? chat, CancellationToken cancellationToken)
    {
        Template = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken)).Template;
        (Values, ChatId) = (new ValuesView("value", Template.Variables), chat);
    }

    /// <summary>Puts what was filled in into the composer.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, [FromForm] Guid? chat, CancellationToken cancellationToken)
    {
        await OnGetAsync(id, chat, cancellationToken);
        var form = await Request.ReadFormAsync(cancellationToken);
        var values = Template.Variables.ToDictionary(variable => variable.Name, variable => ValueOf(form, variable));
        var faults = TemplateRules.Check(Template.Variables, values);
        if (faults.Count > 0)
        {
            Values = Values with { Values = values, Errors = faults.ToDictionary(fault => fault.Field, fault => fault.Code) };
            // What is swapped into the dialog must be a success.
            Response.StatusCode = Request.IsHtmx() ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            return Page();
        }

        var text = await templates.FillAsync(viewer.AccountId, id, values, cancellationToken);
        if (Request.IsHtmx())
        {
            // The page attaches the files itself.
            Response.Retarget("#filled", "innerHTML");
            return Partial("_Filled", text);
        }

        var received = await composer.ReceiveAsync(chat ?? Guid.Empty, [.. form.Files.Where(file => file.Length > 0)], new SettingsForm(), model: null, cancellationToken);
        Chat = await composer.ShowAsync(received, new SettingsForm(), model: null, text, cancellationToken);
        return Page();
    }

    // A file is its name: its content goes to the chat. Where scripts run, they send only that.
    private static string ValueOf(IFormCollection form, TemplateVariable variable)
    {
        var name = $"Values[{variable.Name}]";
        var value = (variable.Type == VariableType.File && form.Files[name] is { } file ? file.FileName : form[name].ToString()).ReplaceLineEndings("\n");
        return variable.Type == VariableType.LongText ? value : value.Trim();
    }
}
