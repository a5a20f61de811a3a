using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>Says, to whoever reads the server's output, how the first account is made; not to the log, which others may read.</summary>
internal sealed class SetUpAnnouncement(IServiceScopeFactory scopes, SetUpToken token, HostSettings settings) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await AreSetUpAsync(cancellationToken))
        {
            await Console.Out.WriteLineAsync($"Nobody has an account yet. Open /setup{At()} and enter this set-up token: {token.Text}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A database that goes away in the middle of the start is waited for.
    private async Task<bool> AreSetUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        while (true)
        {
            try
            {
                return await scope.ServiceProvider.GetRequiredService<Accounts>().AreSetUpAsync(cancellationToken);
            }
            catch (DatabaseUnavailableException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private string At() => settings.PublicUrl is { } url ? $" at {url.GetLeftPart(UriPartial.Authority)}" : "";
}
