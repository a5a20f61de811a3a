using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Account;

/// <summary>Makes the first account, for whoever reads the server's output; nobody guesses its token. Once there is one, this page is not there.</summary>
[ServerOnly]
public sealed class SetUp(Accounts accounts, IServiceProvider services) : DoorPage<SetUpFields>
{
    /// <summary>Asks for what it takes.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => await RefuseIfThereIsOneAsync(cancellationToken);

    /// <summary>Makes it, and signs its owner in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await RefuseIfThereIsOneAsync(cancellationToken);
        if (!Check(new SetUpRules(services.GetRequiredService<SetUpToken>(), HttpContext)))
        {
            return Again();
        }

        return await EnterAsync(await accounts.SetUpAsync(new NewPerson(Fields.Name!.Trim(), Fields.Email!.Trim(), Fields.Password!), cancellationToken), "/", AuditActs.SetUp);
    }

    private async Task RefuseIfThereIsOneAsync(CancellationToken cancellationToken)
    {
        if (await accounts.AreSetUpAsync(cancellationToken))
        {
            throw new NotFoundException();
        }
    }

    private sealed class SetUpRules : AbstractValidator<SetUpFields>
    {
        public SetUpRules(SetUpToken token, HttpContext context)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Token).IsThere().Must(token.Is).WithErrorCode("setUpToken");
            RuleFor(fields => fields.Name).IsName();
            RuleFor(fields => fields.Email).IsEmail();
            RuleFor(fields => fields.Password).IsNewPassword(fields => context.KnownTexts(fields.Name, fields.Email));
        }
    }
}

/// <summary>What a browser sends of the form of the first account.</summary>
public sealed record SetUpFields(string? Token, string? Name, string? Email, string? Password);
