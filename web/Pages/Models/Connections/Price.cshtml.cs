using System.Globalization;
using System.Numerics;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>What a person says of a model's prices and window.</summary>
public sealed class Price(ModelCatalog catalog, ModelPrices prices) : PageModel
{
    private readonly Dictionary<string, string> errors = [];

    /// <summary>The model.</summary>
    public ModelRow Row { get; private set; } = null!;

    /// <summary>What the fields show.</summary>
    public IReadOnlyDictionary<string, string?> Entered { get; private set; } = new Dictionary<string, string?>();

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors => errors;

    /// <summary>Shows the form, or with <paramref name="shown"/> the row as it is.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, string model, bool shown, CancellationToken cancellationToken)
    {
        await LoadAsync(new ModelRef(id, model), cancellationToken);
        Entered = new Dictionary<string, string?>
        {
            ["inputPrice"] = Row.Model.InputPrice.Written(),
            ["outputPrice"] = Row.Model.OutputPrice.Written(),
            ["contextTokens"] = Row.Model.ContextTokens.Written(),
        };
        return !Request.IsHtmx() ? Page() : shown ? Partial("_Model", Row) : Partial("_EditModel", this);
    }

    /// <summary>Changes it, or with <paramref name="clear"/> leaves it to the service again.</summary>
    public async Task<IActionResult> OnPutAsync(
        Guid id, string model, string? inputPrice, string? outputPrice, string? contextTokens, bool clear, CancellationToken cancellationToken)
    {
        var reference = new ModelRef(id, model);
        await LoadAsync(reference, cancellationToken);
        Entered = new Dictionary<string, string?> { ["inputPrice"] = inputPrice, ["outputPrice"] = outputPrice, ["contextTokens"] = contextTokens };
        if (!await TrySaveAsync(reference, clear, cancellationToken))
        {
            return Request.IsHtmx() ? Partial("_EditModel", this) : Page();
        }

        await LoadAsync(reference, cancellationToken);
        return Request.IsHtmx() ? Partial("_Model", Row) : Redirect("/models");
    }

    private async Task LoadAsync(ModelRef reference, CancellationToken cancellationToken)
    {
        var model = await catalog.FindAsync(reference, cancellationToken) ?? throw new NotFoundException();
        var own = (await prices.ListAsync(cancellationToken)).FirstOrDefault(entry => new ModelRef(entry.ConnectionId, entry.ModelId) == reference);
        Row = new ModelRow(model, own);
    }

    private async Task<bool> TrySaveAsync(ModelRef reference, bool clear, CancellationToken cancellationToken)
    {
        if (clear)
        {
            await prices.ClearAsync(reference, cancellationToken);
            return true;
        }

        var (input, output, window) = (Number<decimal>("inputPrice"), Number<decimal>("outputPrice"), Number<int>("contextTokens"));
        if (errors.Count > 0)
        {
            return false;
        }

        try
        {
            await prices.SetAsync(reference, input, output, window, cancellationToken);
            return true;
        }
        catch (InvalidInputException refused)
        {
            foreach (var (field, code) in refused.Fields)
            {
                errors[field] = code;
            }

            return false;
        }
    }

    private T? Number<T>(string field) where T : struct, INumberBase<T>
    {
        if (string.IsNullOrWhiteSpace(Entered[field]))
        {
            return null;
        }

        if (T.TryParse(Entered[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors[field] = "number";
        return null;
    }
}
