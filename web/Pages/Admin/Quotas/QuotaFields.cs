using System.Globalization;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Quotas;
using FluentValidation;

namespace Calango.Web.Pages.Admin.Quotas;

/// <summary>What a browser sends of the form of a quota.</summary>
public sealed class QuotaFields
{
    private const decimal NanoUsd = 1_000_000_000;
    private const decimal MostTokens = 1_000_000_000_000, MostDollars = 1_000_000;

    /// <inheritdoc cref="QuotaRule.Scope"/>
    public QuotaScope Scope { get; set; }

    /// <summary>The address of the person that it is for.</summary>
    public string? Email { get; set; }

    /// <summary>The group that it is for.</summary>
    public Guid? GroupId { get; set; }

    /// <summary>The model that it is about; empty: all together.</summary>
    public string? Model { get; set; }

    /// <inheritdoc cref="QuotaRule.Unit"/>
    public QuotaUnit Unit { get; set; }

    /// <inheritdoc cref="QuotaRule.Period"/>
    public QuotaPeriod Period { get; set; }

    /// <summary>How much: tokens, or US dollars.</summary>
    public string? Limit { get; set; }

    /// <summary>Whether an address was entered.</summary>
    internal bool HasEmail => !string.IsNullOrWhiteSpace(Email) && Email.Length <= Credentials.MaxEmailLength;

    /// <summary>An amount as it is stored; null: it is none.</summary>
    internal static long? Amount(string? text, QuotaUnit unit) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number <= (unit == QuotaUnit.Tokens ? MostTokens : MostDollars)
            ? (long)(unit == QuotaUnit.Tokens ? Math.Floor(number) : Math.Round(number * NanoUsd))
            : null;

    /// <summary>A stored amount as it is entered.</summary>
    internal static string Written(long amount, QuotaUnit unit) =>
        unit == QuotaUnit.Tokens ? amount.ToString(CultureInfo.InvariantCulture) : (amount / NanoUsd).ToString("0.00#######", CultureInfo.InvariantCulture);
}

internal sealed class QuotaFieldRules : AbstractValidator<QuotaFields>
{
    public QuotaFieldRules(Guid? subject, IReadOnlyList<CatalogModel> models)
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(fields => fields.Scope).IsInEnum().WithErrorCode("choice");
        RuleFor(fields => fields.Unit).IsInEnum().WithErrorCode("choice");
        RuleFor(fields => fields.Period).IsInEnum().WithErrorCode("choice");
        RuleFor(fields => fields.Email).Must((fields, _) => fields.Scope != QuotaScope.Person || subject is not null).WithErrorCode("nobody");
        RuleFor(fields => fields.GroupId).Must((fields, _) => fields.Scope != QuotaScope.Group || subject is not null).WithErrorCode("choice");
        RuleFor(fields => fields.Model).Must(text => string.IsNullOrEmpty(text) || (ModelRef.TryParse(text, out var model) && models.Any(known => known.Ref == model))).WithErrorCode("choice");
        RuleFor(fields => fields.Limit).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
            .Must((fields, text) => QuotaFields.Amount(text, fields.Unit) is not null).WithErrorCode("range");
    }
}
