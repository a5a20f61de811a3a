using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>A browser's way to a provider of logins, and back.</summary>
public sealed partial class LoginFlow(Logins logins, LoginProviders providers, Sessions sessions, IHttpContextAccessor accessor, IServiceProvider services)
{
    // Whoever signs out is out; a provider that is slow is not waited for.
    private static readonly TimeSpan LongestLogout = TimeSpan.FromSeconds(3);

    private readonly HostSettings settings = services.GetRequiredService<HostSettings>();

    private HttpContext Context => accessor.HttpContext!;

    /// <summary>To where a provider sends people back.</summary>
    public Uri ReturnAddress(Guid providerId) => At($"/sign-in/{providerId}/return");

    /// <summary>Where a provider says that somebody has logged out there.</summary>
    public Uri LogoutAddress(Guid providerId) => At($"/sign-in/{providerId}/logout");

    /// <summary>To where a provider sends people who have logged out.</summary>
    public Uri AfterLogout => At("/sign-in");

    /// <summary>Begins a login; this browser alone can finish it.</summary>
    /// <returns>Where the browser goes.</returns>
    /// <exception cref="LoginRefusedException">There is no such provider, or it cannot be used now.</exception>
    public async Task<Uri> BeginAsync(Guid providerId, LoginPurpose purpose, Guid? accountId, string? returnTo)
    {
        var begun = await logins.BeginAsync(providerId, new LoginWish(purpose, accountId, ReturnAddress(providerId), returnTo), Context.RequestAborted);
        LoginCookies.Keep(Context, settings, begun);
        return begun.Address;
    }

    /// <summary>Finishes the login with which this browser comes back.</summary>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public Task<FinishedLogin> FinishAsync(Guid providerId) =>
        logins.FinishAsync(providerId, LoginCookies.Take(Context, settings), Context.Request.Query, Context.RequestAborted);

    /// <summary>Where somebody whose session has ended logs out at its provider, too; null: there is no such page, or it cannot be found now.</summary>
    public async Task<Onward?> LeaveAsync(Guid sessionId)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Context.RequestAborted);
        limit.CancelAfter(LongestLogout);
        try
        {
            if (await sessions.FindWayAsync(sessionId, limit.Token) is not { } way || await providers.FindOrNoneAsync(way.ProviderId, limit.Token) is not { } provider)
            {
                return null;
            }

            return await logins.EndSessionAsync(way.ProviderId, way.IdToken, AfterLogout, limit.Token).WaitAsync(limit.Token) is { } address ? new Onward(address, provider.Name) : null;
        }
        catch (Exception exception) when (exception is LoginRefusedException or OperationCanceledException or DatabaseUnavailableException)
        {
            LogNoLogout(services.GetRequiredService<ILogger<LoginFlow>>(), (exception as LoginRefusedException)?.Reason.ToString() ?? exception.GetType().Name);
            return null;
        }
    }

    private Uri At(string path) => new($"{Context.Request.Scheme}://{Context.Request.Host}{path}");

    [LoggerMessage(LogLevel.Warning, "Somebody who signed out was not logged out at the provider: {Reason}.")]
    private static partial void LogNoLogout(ILogger logger, string reason);
}

/// <summary>A page of another site to which somebody goes.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Name">Whose it is.</param>
public sealed record Onward(Uri Address, string Name);
