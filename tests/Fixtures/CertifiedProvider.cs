using System.Diagnostics;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Calango.Tests.Fixtures;

/// <summary>npm's oidc-provider, as tests/OidcProvider pins it, in a process of its own, and a person with a browser without scripts who logs in there.</summary>
public sealed class CertifiedProvider : IAsyncDisposable
{
    /// <summary>The client that it knows.</summary>
    public const string ClientId = "calango";

    /// <summary>With this secret, which has what must be escaped.</summary>
    public const string ClientSecret = "a-secret/with+signs=&";

    private static readonly string Folder = Path.Combine(TestFolders.Repository, "tests", "OidcProvider");

    private readonly Process _process;
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() });

    private CertifiedProvider(Process process, string issuer) => (_process, Issuer) = (process, issuer);

    /// <summary>Its name and address.</summary>
    public string Issuer { get; }

    /// <summary>Why there is none to test with; null if there is.</summary>
    public static string? WhyNot => Directory.Exists(Path.Combine(Folder, "node_modules")) ? null : "The provider is not installed; ./calango test does it.";

    /// <summary>Starts one.</summary>
    public static async Task<CertifiedProvider> StartAsync(string returnAddress, string logoutAddress, string afterLogout, string algorithm, string authentication)
    {
        var process = Process.Start(new ProcessStartInfo("node", ["provider.mjs", returnAddress, logoutAddress, afterLogout, algorithm, authentication])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? line;
        while ((line = await process.StandardOutput.ReadLineAsync()) is not null && !line.StartsWith("http", StringComparison.Ordinal))
        {
            // It says in some lines that it is not made for production as it is.
        }

        // What it says later is read and dropped: it would stop where nobody reads.
        _ = process.StandardOutput.ReadToEndAsync();
        return new CertifiedProvider(process, line ?? throw new InvalidOperationException("The provider ended."));
    }

    /// <summary>Goes to an address there, fills in what is asked and agrees, until it leads elsewhere: what it leads there with.</summary>
    public async Task<Dictionary<string, StringValues>> GoAsync(Uri address)
    {
        var response = await _browser.GetAsync(address);
        for (var steps = 0; steps < 20; steps++)
        {
            if (response.Headers.Location is { } location)
            {
                var next = new Uri(response.RequestMessage!.RequestUri!, location);
                if (next.GetLeftPart(UriPartial.Authority) != Issuer)
                {
                    return QueryHelpers.ParseQuery(next.Query);
                }

                response = await _browser.GetAsync(next);
            }
            else
            {
                response = await SubmitAsync(response);
            }
        }

        throw new InvalidOperationException("It leads nowhere.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage response)
    {
        var html = await response.Content.ReadAsStringAsync();
        var form = new HtmlParser().ParseDocument(html).QuerySelector<IHtmlFormElement>("form") ?? throw new InvalidOperationException($"{response.StatusCode}, no form: {html}");
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]").ToDictionary(
            input => input.Name!, input => input.Type == "hidden" ? input.Value : input.Name == "login" ? "ana" : "whatever");
        if (form.QuerySelector<IHtmlButtonElement>("button[name=logout]") is not null || form.Id == "op.logoutForm")
        {
            fields["logout"] = "yes";
        }

        using var content = new FormUrlEncodedContent(fields);
        return await _browser.PostAsync(new Uri(response.RequestMessage!.RequestUri!, form.GetAttribute("action")!), content);
    }
}
