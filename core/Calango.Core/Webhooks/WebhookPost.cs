using System.Net;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Webhooks;

/// <summary>
/// Sends to addresses that people name: over https to the public web, to hosts that the configuration names, and on a laptop, whose
/// one person reaches them anyway, to programs on it. Thread-safe.
/// </summary>
internal sealed class WebhookPost(PublicWeb web, bool isLaptop)
{
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with an address, as the end of the key <c>invalid.{code}</c>; null: nothing is.</summary>
    public async Task<string?> CheckAsync(string? text, CancellationToken cancellationToken)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
        {
            return "required";
        }

        if (trimmed.Length > Webhook.MaxAddressLength)
        {
            return "tooLong";
        }

        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
        {
            return "webhook";
        }

        if (IsOnLaptop(address))
        {
            return null;
        }

        return address.Scheme != Uri.UriSchemeHttps && !web.Allows(address) ? "webhook" : await web.MayLeadToAsync(address, cancellationToken) ? null : "notPublic";
    }

    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public async Task<WebhookOutcome> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        // Named so that the guard lets this one host and port through, wherever a spelling or a name would lead.
        using var local = IsOnLaptop(address) ? new PublicWeb(new WebOptions { AllowedHosts = [$"{address.IdnHost}:{address.Port}"] }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback])) : null;
        try
        {
            return WebhookOutcome.Of(await (local ?? web).SendAsync(request, LongestTry, cancellationToken));
        }
        catch (ProviderException failure)
        {
            return WebhookOutcome.Of(failure);
        }
    }

    private bool IsOnLaptop(Uri address) =>
        isLaptop && (address.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) && IPAddress.IsLoopback(literal)));
}
