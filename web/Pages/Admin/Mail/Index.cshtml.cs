using System.Globalization;
using Calango.Core.Mail;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Mail;

/// <summary>How messages leave the server, and those that have not.</summary>
[ServerOnly]
public sealed class Index(Outbox outbox, MailSender sender, Viewer viewer, PageText text) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>What was entered for a test.</summary>
    [BindProperty]
    public TestFields Fields { get; set; } = new(null);

    /// <summary>How messages leave.</summary>
    public MailOptions Options => outbox.Options;

    /// <summary>Those that have not gone, the newest first.</summary>
    public IReadOnlyList<OutgoingMail> Messages { get; private set; } = [];

    /// <summary>After which the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>What is wrong with the address of a test; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>What a test came to; null: there was none.</summary>
    public MailOutcome? Outcome { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Sends a test at once.</summary>
    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        Error = new TestRules().Validate(Fields).ByField().GetValueOrDefault(nameof(TestFields.Email));
        if (Error is null && Options.IsOn)
        {
            Outcome = await sender.TestAsync(new MailDraft(Fields.Email!.Trim(), viewer.Language, "test", TimeSpan.FromMinutes(1), ("site", HttpContext.Site())), cancellationToken);
        }

        if (Outcome is not { IsSent: true })
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        await ReadAsync(cancellationToken);
    }

    /// <summary>Why one has not gone, in words.</summary>
    public string Why(MailFailure failure, int? status) => status is { } number
        ? text["email.failure.withStatus", ("why", text[$"email.failure.{failure}"]), ("status", number.ToString(CultureInfo.InvariantCulture))]
        : text[$"email.failure.{failure}"];

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await outbox.ListAsync(Query, After, PageSize + 1, cancellationToken);
        Messages = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Messages[^1].Id : null;
    }

    private sealed class TestRules : AbstractValidator<TestFields>
    {
        public TestRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).IsEmail().IsMailed();
        }
    }
}

/// <summary>What a browser sends of the form of a test.</summary>
public sealed record TestFields(string? Email);
