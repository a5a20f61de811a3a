using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;

namespace Calango.Core.PersonalData;

/// <summary>
/// That an account is removed with all that is theirs. Until its time has come (<see cref="RetentionOptions.Accounts"/>) whoever it is can sign in
/// and keep it; their programs are out at once. <see cref="AccountRemover"/> does it.
/// </summary>
public sealed class AccountRemoval
{
    private readonly PasswordProof _proof;
    private readonly Sessions _sessions;
    private readonly People _people;
    private readonly Outbox _outbox;
    private readonly RetentionOptions _retention;
    private readonly TimeProvider _clock;

    internal AccountRemoval(PasswordProof proof, Sessions sessions, People people, Outbox outbox, RetentionOptions retention, TimeProvider clock) =>
        (_proof, _sessions, _people, _outbox, _retention, _clock) = (proof, sessions, people, outbox, retention, clock);

    /// <summary>From when on an account is removed for which it is asked now.</summary>
    public DateTimeOffset IfAskedNow => _clock.GetUtcNow() + _retention.Accounts;

    /// <summary>Has somebody's own account removed, once they have proved again who they are. All their sessions end. One for which it was asked before keeps its time.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="password">Theirs; who has none must have signed in lately.</param>
    /// <param name="sessionId">In which they ask.</param>
    /// <param name="letter">What is sent to their address, if the server sends e-mail.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">It isn't proved, or nobody would be left to run the server.</exception>
    public async Task AskAsync(Guid accountId, string? password, Guid sessionId, Func<string, MailDraft> letter, CancellationToken cancellationToken)
    {
        if ((await _people.FindAsync(accountId, cancellationToken)).HasPassword)
        {
            await _proof.DemandAsync(accountId, password ?? "", cancellationToken);
        }
        else if (!await _sessions.IsFreshAsync(accountId, sessionId, cancellationToken))
        {
            throw new RejectedException("account.notFresh");
        }

        await AskForAsync(accountId, letter, cancellationToken);
    }

    /// <summary>Has somebody's account removed: whoever runs the server asks. All their sessions end. One for which it was asked before keeps its time.</summary>
    /// <exception cref="RejectedException">Nobody would be left to run the server.</exception>
    public async Task AskForAsync(Guid accountId, Func<string, MailDraft> letter, CancellationToken cancellationToken)
    {
        var email = (await _people.FindAsync(accountId, cancellationToken)).Email;
        await _people.RemoveFromAsync(
            accountId,
            IfAskedNow,
            db =>
            {
                if (_outbox.Options.IsOn && email is not null)
                {
                    _outbox.Put(db, letter(email));
                }
            },
            cancellationToken);
        _outbox.Call();
    }
}
