using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>Says, to whoever reads the server's output, how the first account is made; not to the log, which others may read.</summary>
internal sealed class SetUpAnnouncement(IServiceScopeFactory scopes, SetUpToken token, HostSettings settings) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<Accounts>();
        if (!await DatabaseWait.OutlastAsync(() => accounts.AreSetUpAsync(cancellationToken), cancellationToken))
        {
            Say($"Nobody has an account yet. Open /setup{At()} and enter this set-up token: {token.Text}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Say(string line)
    {
        try
        {
            Console.Out.WriteLine(line);
        }
        catch (IOException)
        {
            // A file on a disk that is full, perhaps: it must stop nobody.
            Console.Error.WriteLine(line);
        }
    }

    private string At() => settings.PublicUrl is { } url ? $" at {url.GetLeftPart(UriPartial.Authority)}" : "";
}
