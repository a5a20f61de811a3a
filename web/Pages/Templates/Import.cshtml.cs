using System.Text;
using System.Text.Json;
using Calango.Core.Errors;
using Calango.Core.Templates;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>Takes templates in from a file, or a text, of JSON or YAML, and says what has become of each, or would.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody, ValueLengthLimit = (int)LargestBody)]
public sealed class Import(TemplateTransfer transfer, Viewer viewer, PageText text) : PageModel
{
    private const long LargestBody = 5 << 20;

    /// <summary>The text that was pasted; what was wrong with it can be mended there.</summary>
    public string? Text { get; private set; }

    /// <summary>What has become of each template; null: nobody has tried.</summary>
    public IReadOnlyList<ImportedTemplate>? Report { get; private set; }

    /// <summary>Nothing was stored: it was only looked at.</summary>
    public bool IsDry { get; private set; }

    /// <summary>Why nothing could be read; null: it could, or nobody has tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows the form.</summary>
    public void OnGet()
    {
    }

    /// <summary>Takes them in.</summary>
    public async Task<IActionResult> OnPostAsync(IFormFile? file, [FromForm(Name = "Text")] string? pasted, [FromForm] bool dry, CancellationToken cancellationToken)
    {
        (Text, IsDry) = (pasted, dry);
        try
        {
            var read = Parse(file is null ? pasted ?? "" : await ReadAsync(file, cancellationToken));
            Report = await transfer.ImportAsync(viewer.AccountId, read, viewer.IsAdmin, dry, cancellationToken);
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        return Page();
    }

    private static async Task<string> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancellationToken);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes.ToArray()).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            throw new RejectedException("template.file");
        }
    }

    // Halves of characters are met only where a text is looked at.
    private static IReadOnlyList<ReadTemplate> Parse(string content)
    {
        try
        {
            return TemplateFile.Read(content.TrimStart() is ['{', ..] ? JsonElement.Parse(content) : JsonSerializer.SerializeToElement(TemplateYaml.Read(content)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RejectedException("template.file");
        }
    }
}
