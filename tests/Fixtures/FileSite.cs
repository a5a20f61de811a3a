using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Fixtures;

/// <summary>A web site on loopback that hands out the files of a folder.</summary>
public sealed class FileSite : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FileSite(WebApplication server) => _server = server;

    /// <summary>Where it answers; ends with a slash.</summary>
    public Uri Address => new(_server.Urls.First() + "/");

    /// <summary>Answers in the place of the files; null: the files are handed out.</summary>
    public RequestDelegate? Answer { get; set; }

    /// <summary>Lets a server fetch from it although it is on loopback.</summary>
    public KeyValuePair<string, string?> Setting => new("CALANGO_WEB_ALLOWEDHOSTS", Address.Authority);

    /// <summary>Starts one.</summary>
    public static async Task<FileSite> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new FileSite(builder.Build());
        site._server.Run(context =>
        {
            if (site.Answer is { } answer)
            {
                return answer(context);
            }

            var file = Path.Combine(folder, Path.GetFileName(context.Request.Path.Value!));
            context.Response.StatusCode = File.Exists(file) ? 200 : 404;
            return File.Exists(file) ? context.Response.SendFileAsync(file, context.RequestAborted) : Task.CompletedTask;
        });
        await site._server.StartAsync();
        return site;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
