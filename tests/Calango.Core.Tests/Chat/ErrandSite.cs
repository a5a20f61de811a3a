using System.Threading.Channels;
using Calango.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace Calango.Core.Tests.Chat;

/// <summary>Where tools run their errands: a test hears of each, and says when it is done. Thread-safe.</summary>
internal sealed class ErrandSite : IAsyncDisposable
{
    private readonly Channel<Errand> _arrived = Channel.CreateUnbounded<Errand>();
    private readonly FileSite _site;
    private int _count;

    private ErrandSite(FileSite site)
    {
        _site = site;
        site.Answer = TakeAsync;
    }

    /// <summary>How many came.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<ErrandSite> StartAsync() => new(await FileSite.StartAsync(""));

    /// <summary>The arguments that send a tool to a place here.</summary>
    public string ArgumentsTo(string place) => $$"""{"text":"{{_site.Address}}{{place}}"}""";

    /// <summary>The next that nobody has taken yet, waiting for it if need be.</summary>
    public ValueTask<Errand> NextAsync() => _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        var errand = new Errand(context.Request.Path.Value!.TrimStart('/'), context.RequestAborted);
        _arrived.Writer.TryWrite(errand);
        await context.Response.WriteAsync(await errand.Answer.Task.WaitAsync(context.RequestAborted), context.RequestAborted);
    }
}

/// <summary>One errand of a tool.</summary>
/// <param name="Place">Where it was sent.</param>
/// <param name="Left">Cancelled once the tool waits for no answer.</param>
internal sealed record Errand(string Place, CancellationToken Left)
{
    public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
