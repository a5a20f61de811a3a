using Calango.Core.Audit;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Sharing;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The links with which the viewer shows a chat to others.</summary>
public sealed class Shares(Viewer viewer, ChatViews views, Conversations conversations, Core.Sharing.Shares shares, RequestAudit audit, TimeProvider clock) : ChatPage(viewer, views)
{
    /// <summary>The links, the newest first.</summary>
    public IReadOnlyList<ShareOverview> Links { get; private set; } = [];

    /// <summary>The one that was made just now; null: none was.</summary>
    public Guid? Made { get; private set; }

    /// <summary>Shows them, and how one more is made.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        _ = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        return shares.IsOn ? await ShowAsync(cancellationToken) : throw new RejectedException("share.off");
    }

    /// <summary>Makes one.</summary>
    /// <param name="isLive">Whether the chat is shown as it is, and not as it is now.</param>
    /// <param name="lifetime">How long.</param>
    /// <param name="date">The last day, which goes over that.</param>
    /// <param name="password">What it takes besides; empty: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(bool isLive, [FromForm(Name = "For")] ShareLifetime lifetime, DateOnly? date, string? password, CancellationToken cancellationToken)
    {
        // A day that cannot be read must not become a link for ever.
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        var wanted = new NewShare(isLive, date is { Year: < 9999 } last ? EndOf(last) : EndOf(lifetime), string.IsNullOrEmpty(password) ? null : password);
        Made = await shares.MakeAsync(AccountId, ConversationId, wanted, cancellationToken);
        await audit.WriteAsync(AuditActs.ShareMade, $"{Made} {ConversationId}");
        return await ShowAsync(cancellationToken);
    }

    /// <summary>Revokes one.</summary>
    public async Task<IActionResult> OnDeleteAsync([FromQuery(Name = "share")] Guid id, CancellationToken cancellationToken)
    {
        await shares.RevokeAsync(AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.ShareRevoked, id.ToString());
        return await ShowAsync(cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx() && !HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method))
        {
            return Redirect($"{ChatUrl}/shares");
        }

        Links = await shares.ListAsync(AccountId, ConversationId, cancellationToken);
        return Page();
    }

    private DateTimeOffset EndOf(DateOnly last)
    {
        var midnight = last.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, clock.LocalTimeZone.GetUtcOffset(midnight));
    }

    private DateTimeOffset? EndOf(ShareLifetime lifetime) => lifetime switch
    {
        ShareLifetime.Day => clock.GetUtcNow().AddDays(1),
        ShareLifetime.Week => clock.GetUtcNow().AddDays(7),
        ShareLifetime.Month => clock.GetUtcNow().AddMonths(1),
        _ => null,
    };
}

/// <summary>How long a link can be used.</summary>
public enum ShareLifetime
{
    /// <summary>Until it is revoked.</summary>
    Forever,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A week.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,
}
