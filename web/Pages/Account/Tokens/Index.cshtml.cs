using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Tokens;

/// <summary>The tokens of the viewer's programs.</summary>
public sealed class Index(AccessTokens tokens, Viewer viewer, PageText text, RequestAudit audit, TimeProvider clock) : PageModel
{
    /// <summary>How long a token can be used, in days, as one may choose.</summary>
    public static readonly IReadOnlyList<int> Lifetimes = [7, 30, 90, 365];

    /// <summary>What a token may be used for, as one may choose.</summary>
    public static readonly IReadOnlyList<TokenScopes> Scopes = [TokenScopes.Models, TokenScopes.ReadChats, TokenScopes.WriteChats, TokenScopes.ReadKnowledge, TokenScopes.WriteKnowledge, TokenScopes.ReadTemplates, TokenScopes.WriteTemplates];

    /// <summary>What was entered.</summary>
    [BindProperty]
    public TokenFields Fields { get; set; } = new(null, Lifetimes[1], [TokenScopes.Models]);

    /// <summary>All of the viewer's.</summary>
    public IReadOnlyList<AccessToken> Tokens { get; private set; } = [];

    /// <summary>The text of the one that was just made; it is shown once.</summary>
    public string? Made { get; private set; }

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Why none was made; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether one can be used no longer.</summary>
    public bool IsOver(AccessToken token) => token.ExpiresAt <= clock.GetUtcNow();

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Errors = new Rules().Validate(Fields).ByField();
        if (Errors.Count == 0)
        {
            try
            {
                var scopes = Fields.Scopes!.Aggregate(TokenScopes.None, (all, scope) => all | scope);
                Made = await tokens.MakeAsync(viewer.AccountId, new NewAccessToken(Fields.Name!.Trim(), scopes, TimeSpan.FromDays(Fields.Days)), cancellationToken);
                await audit.WriteAsync(AuditActs.TokenMade, Fields.Name!.Trim());
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        if (Made is null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        await ReadAsync(cancellationToken);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancellationToken) => Tokens = await tokens.ListAsync(viewer.AccountId, cancellationToken);

    private sealed class Rules : AbstractValidator<TokenFields>
    {
        public Rules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Name).IsName();
            RuleFor(fields => fields.Days).Must(days => Lifetimes.Contains(days)).WithErrorCode("choice");
            RuleFor(fields => fields.Scopes).Must(scopes => scopes is { Count: > 0 } && scopes.All(Scopes.Contains)).WithErrorCode("choice");
        }
    }
}

/// <summary>What a browser sends of the form of a token.</summary>
public sealed record TokenFields(string? Name, int Days, IReadOnlyList<TokenScopes>? Scopes);
