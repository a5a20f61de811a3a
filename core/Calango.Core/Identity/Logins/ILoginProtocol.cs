namespace Calango.Core.Identity;

/// <summary>How logins go with one kind of provider. Keeps nothing of a login between its two halves. Called concurrently.</summary>
internal interface ILoginProtocol : IDisposable
{
    /// <summary>Where a browser goes to log in.</summary>
    /// <exception cref="LoginRefusedException">The provider cannot be used now.</exception>
    Task<Uri> BeginAsync(LoginAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Who came back.</summary>
    /// <param name="attempt">What this browser began.</param>
    /// <param name="answer">What it brought from the provider.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    Task<ExternalIdentity> FinishAsync(LoginAttempt attempt, ProviderReply answer, CancellationToken cancellationToken);
}

/// <summary>What the provider gave the browser to bring.</summary>
/// <param name="Code">Becomes tokens; null: there is none.</param>
/// <param name="Error">Why not; null: it isn't said.</param>
/// <param name="Issuer">Who answers; null: it isn't said.</param>
internal sealed record ProviderReply(string? Code, string? Error, string? Issuer)
{
    /// <summary>The code.</summary>
    /// <exception cref="LoginRefusedException">There is none.</exception>
    public string CodeOrRefusal() =>
        Error is not null ? throw new LoginRefusedException(Error == "access_denied" ? LoginRefusal.Cancelled : LoginRefusal.ProviderError)
        : Code is { Length: > 0 } ? Code
        : throw new LoginRefusedException(LoginRefusal.CodeMissing);
}
