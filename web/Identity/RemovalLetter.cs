using Calango.Core.Mail;
using Calango.Web.Text;

namespace Calango.Web.Identity;

/// <summary>What somebody is written whose account is to be removed.</summary>
internal static class RemovalLetter
{
    private static readonly TimeSpan Useful = TimeSpan.FromDays(2);

    public static MailDraft To(string email, HttpContext context, DateTimeOffset at, Viewer viewer, PageText text) =>
        new(email, viewer.Language, "removal", Useful, ("site", context.Site()), ("time", text.Moment(at)), ("link", context.LinkTo("/sign-in")));
}
