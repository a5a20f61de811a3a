using Calango.Core.Quotas;

namespace Calango.Web.Text;

/// <summary>Says in the viewer's language whose a quota is, how much, and when it begins anew.</summary>
public static class QuotaText
{
    /// <summary>For whom a quota is.</summary>
    public static string QuotaOwner(this PageText text, NamedQuota quota) =>
        quota.Rule.Scope == QuotaScope.Everybody ? text["quotas.scope.Everybody"] : quota.Subject ?? text["quotas.gone"];

    /// <summary>An amount in the quota's unit.</summary>
    public static string QuotaAmount(this PageText text, QuotaRule rule, long amount) =>
        rule.Unit == QuotaUnit.Money ? text.Cost(amount) : text.Count("quotas.tokens", amount);

    /// <summary>A moment by the calendar of UTC, by which periods go.</summary>
    public static string Utc(this PageText text, DateTimeOffset at) => $"{at.UtcDateTime.ToString("g", text.Culture)} UTC";
}
