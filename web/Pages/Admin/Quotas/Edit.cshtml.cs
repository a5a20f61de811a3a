using Calango.Core.Audit;
using Calango.Core.Quotas;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Quotas;

/// <summary>One quota, and how it stands.</summary>
[ServerOnly]
public sealed class Edit(QuotaRules quotas, Core.Identity.Groups groups, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>The quota.</summary>
    public NamedQuota Shown { get; private set; } = null!;

    /// <summary>What the limit was changed to, or is.</summary>
    public string? Limit { get; private set; }

    /// <summary>How it stands for those who have used something of it.</summary>
    public IReadOnlyList<QuotaStanding> Standings { get; private set; } = [];

    /// <summary>After whom the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>What was entered to be added.</summary>
    public TopUpFields TopUp { get; private set; } = new(null, null, null);

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Shows it.</summary>
    public Task OnGetAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(id, cancellationToken);

    /// <summary>Changes how much it gives.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, string? limit, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        Limit = limit;
        if (QuotaFields.Amount(limit, Shown.Rule.Unit) is not { } amount)
        {
            return Refused(new Dictionary<string, string> { ["Limit"] = "range" });
        }

        await quotas.ChangeAsync(id, amount, cancellationToken);
        await audit.WriteAsync(AuditActs.QuotaChanged, $"{id} {amount}");
        return this.Go($"/admin/quotas/{id}");
    }

    /// <summary>Adds something for this period.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, TopUpFields topUp, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        TopUp = topUp;
        var holder = Shown.Rule.SubjectId ?? (string.IsNullOrWhiteSpace(topUp.Email) ? null : await groups.AccountOfAsync(topUp.Email.Trim(), cancellationToken));
        var errors = new TopUpRules(holder, Shown.Rule.Unit).Validate(topUp).ByField();
        if (errors.Count > 0)
        {
            return Refused(errors);
        }

        var amount = QuotaFields.Amount(topUp.Amount, Shown.Rule.Unit)!.Value;
        await quotas.TopUpAsync(id, holder!.Value, amount, cancellationToken);
        await audit.WriteAsync(AuditActs.QuotaToppedUp, $"{id} {holder} +{amount}: {topUp.Reason!.Trim()}");
        return this.Go($"/admin/quotas/{id}");
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await quotas.RemoveAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.QuotaRemoved, id.ToString());
        return this.Go("/admin/quotas");
    }

    private PageResult Refused(IReadOnlyDictionary<string, string> errors)
    {
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await quotas.FindAsync(id, cancellationToken);
        Limit = QuotaFields.Written(Shown.Rule.Limit, Shown.Rule.Unit);
        var found = await quotas.StandingsAsync(Shown, After, PageSize + 1, cancellationToken);
        Standings = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Standings[^1].Holder : null;
    }

    private sealed class TopUpRules : AbstractValidator<TopUpFields>
    {
        private const int MaxReasonLength = 150;

        public TopUpRules(Guid? holder, QuotaUnit unit)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).Must(_ => holder is not null).WithErrorCode("nobody");
            RuleFor(fields => fields.Amount).Must(text => QuotaFields.Amount(text, unit) is > 0).WithErrorCode("range");
            RuleFor(fields => fields.Reason).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
                .Must(text => text!.Trim().Length <= MaxReasonLength).WithErrorCode("tooLong").Must(text => !text!.Trim().Any(char.IsControl)).WithErrorCode("characters");
        }
    }
}

/// <summary>What a browser sends of the form that adds something to a balance.</summary>
public sealed record TopUpFields(string? Email, string? Amount, string? Reason);
