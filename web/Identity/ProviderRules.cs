using Calango.Core.Identity;
using Calango.Web.Pages.Admin.Providers;
using FluentValidation;

namespace Calango.Web.Identity;

/// <summary>What may be entered about a provider of logins. An error code is the end of a locale key <c>invalid.{code}</c>.</summary>
internal sealed class ProviderRules : AbstractValidator<ProviderFields>
{
    private const int MostRules = 200;
    private const int MostDomains = 50;
    private const int MaxDomainLength = 253;
    private const int MaxGroupLength = 256;

    /// <param name="kind">What it speaks.</param>
    /// <param name="stored">As it is stored; null: it is new.</param>
    public ProviderRules(LoginProviderKind kind, LoginProvider? stored)
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(fields => fields.Name).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required").Must(text => IsText(text, LoginProvider.MaxNameLength)).WithErrorCode("characters");
        RuleFor(fields => fields.Issuer).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
            .Must((fields, text) => IsText(text, LoginProvider.MaxTextLength) && LoginProvider.IsIssuer(text!.Trim(), fields.AllowsPlainLoopback)).WithErrorCode("issuer");
        RuleFor(fields => fields.ClientId).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required").Must(text => IsText(text, LoginProvider.MaxTextLength)).WithErrorCode("characters");
        RuleFor(fields => fields.Secret).Must(text => IsText(text, LoginProvider.MaxTextLength)).WithErrorCode("characters")
            .Must((fields, text) => !string.IsNullOrEmpty(text) || !NeedsSecret(kind, stored, fields)).WithErrorCode("required");
        RuleFor(fields => fields.Scopes).Must(text => IsText(text, LoginProvider.MaxTextLength)).WithErrorCode("characters");
        RuleFor(fields => fields.GroupClaim).Must(text => IsText(text, LoginProvider.MaxTextLength)).WithErrorCode("characters");
        RuleFor(fields => fields.Groups).Must((fields, _) => fields.Rules.Count <= MostRules && fields.Rules.All(rule => IsText(rule.Group, MaxGroupLength))).WithErrorCode("tooLong");
        RuleFor(fields => fields.Memberships).Must((fields, _) => fields.GroupRules.Count <= MostRules && fields.GroupRules.All(rule => IsText(rule.Group, MaxGroupLength))).WithErrorCode("tooLong");
        RuleFor(fields => fields.Domains).Must((fields, _) => fields.DomainList.Count <= MostDomains && fields.DomainList.All(IsDomain)).WithErrorCode("domain");
    }

    // A stored one goes to nobody else; and GitHub knows no client without.
    private static bool NeedsSecret(LoginProviderKind kind, LoginProvider? stored, ProviderFields fields) =>
        stored is { HasSecret: true } ? stored.Issuer != fields.Issuer?.Trim() : kind == LoginProviderKind.GitHub;

    private static bool IsText(string? text, int most) => text is null || (text.Trim().Length <= most && !text.Trim().Any(char.IsControl));

    private static bool IsDomain(string text) =>
        text.Length <= MaxDomainLength && text.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(text) == UriHostNameType.Dns;
}
