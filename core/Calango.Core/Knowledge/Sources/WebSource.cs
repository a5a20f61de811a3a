using System.Globalization;

namespace Calango.Core.Knowledge;

/// <summary>Looks at an address of the web: a page becomes a document, a sitemap one for each page that it names. Thread-safe.</summary>
internal sealed class WebSource(PageFetch fetch, SourceShelf shelf, TimeProvider clock) : ISourceReader
{
    private const int MostPages = 500;
    private const int MostSitemaps = 50;

    // A page may be away for a moment.
    private const int GoneOften = 2;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<int> ReadAsync(SourceClaim claim, CancellationToken cancellationToken)
    {
        var (source, address) = (claim.Source, new Uri(claim.Source.Address));
        var known = await shelf.KnownAsync(source, cancellationToken);
        var alone = known.GetValueOrDefault(source.Address);
        try
        {
            if (await fetch.GetAsync(address, VersionOf(alone), cancellationToken) is not { } page)
            {
                await shelf.SameAsync(alone!, cancellationToken);
                return 1;
            }

            if (Sitemap.Read(page.Document.Body) is { } sitemap)
            {
                return await ReadPagesAsync(claim, known, await AddressesAsync(address, sitemap, cancellationToken), cancellationToken);
            }

            await TakeInAsync(source, source.Address, alone, page, cancellationToken);
            return 1;
        }
        catch (SourceException exception) when (exception.IsGone && alone is not null)
        {
            await shelf.GoneAsync(alone, GoneOften, cancellationToken);
            throw;
        }
    }

    private async Task<int> ReadPagesAsync(SourceClaim claim, Dictionary<string, SourcePage> known, IReadOnlyList<Uri> addresses, CancellationToken cancellationToken)
    {
        var robots = await RobotsAsync(claim.Source, cancellationToken);
        var allowed = addresses.Where(robots.Allow).Take(MostPages).ToList();
        SourceException? failure = null;
        var failed = 0;
        foreach (var (done, address) in allowed.Index())
        {
            await claim.ReportAsync(allowed.Count, done, cancellationToken);
            await Task.Delay(robots.Pause > LeastPause ? robots.Pause : LeastPause, clock, cancellationToken);
            try
            {
                await ReadPageAsync(claim.Source, address, known.GetValueOrDefault(address.AbsoluteUri), cancellationToken);
            }
            catch (SourceException exception)
            {
                failure ??= exception;
                failed++;
            }
        }

        var named = allowed.Select(address => address.AbsoluteUri).ToHashSet(StringComparer.Ordinal);
        foreach (var page in known.Values.Where(page => !named.Contains(page.Address)))
        {
            await shelf.GoneAsync(page, GoneOften, cancellationToken);
        }

        return failure is not null ? throw new SourceException("pages", ("failed", Written(failed)), ("pages", Written(allowed.Count)))
            : allowed.Count == 0 ? throw new SourceException(addresses.Count > 0 ? "robots" : "noPages")
            : addresses.Count > allowed.Count && allowed.Count == MostPages ? throw new SourceException("tooManyPages", ("limit", Written(MostPages)))
            : allowed.Count;
    }

    private async Task ReadPageAsync(Source source, Uri address, SourcePage? known, CancellationToken cancellationToken)
    {
        try
        {
            if (await fetch.GetAsync(address, VersionOf(known), cancellationToken) is { } page)
            {
                await TakeInAsync(source, address.AbsoluteUri, known, page, cancellationToken);
            }
            else
            {
                await shelf.SameAsync(known!, cancellationToken);
            }
        }
        catch (SourceException exception) when (exception.IsGone && known is not null)
        {
            await shelf.GoneAsync(known, GoneOften, cancellationToken);
            throw;
        }
    }

    private async Task TakeInAsync(Source source, string address, SourcePage? known, FetchedPage page, CancellationToken cancellationToken)
    {
        var body = PageName.BodyOf(page.Document);
        using var content = new MemoryStream(body);
        await shelf.TakeInAsync(source, address, known, page.Version, PageName.Of(page.Document, body), content, cancellationToken);
    }

    // Of the sitemap's own host: its owner speaks for no other.
    private async Task<IReadOnlyList<Uri>> AddressesAsync(Uri first, Sitemap sitemap, CancellationToken cancellationToken)
    {
        var pages = new List<Uri>();
        var waiting = new Queue<Uri>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { first.AbsoluteUri };
        Add(sitemap);
        for (var read = 0; waiting.TryDequeue(out var next) && read < MostSitemaps && pages.Count <= MostPages; read++)
        {
            await Task.Delay(LeastPause, clock, cancellationToken);
            var page = await fetch.GetAsync(next, known: null, cancellationToken);
            Add(Sitemap.Read(page!.Document.Body) ?? throw new SourceException("sitemap"));
        }

        return pages;

        void Add(Sitemap found)
        {
            foreach (var text in found.Addresses)
            {
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Authority == first.Authority
                    && address.AbsoluteUri.Length <= Source.MaxAddressLength && seen.Add(address.AbsoluteUri))
                {
                    if (found.IsIndex)
                    {
                        waiting.Enqueue(address);
                    }
                    else
                    {
                        pages.Add(address);
                    }
                }
            }
        }
    }

    // A site without rules allows all; one that cannot say them now is not fetched from.
    private async Task<Robots> RobotsAsync(Source source, CancellationToken cancellationToken)
    {
        try
        {
            return Robots.Parse((await fetch.GetAsync(new Uri(new Uri(source.Address), "/robots.txt"), known: null, cancellationToken))!.Document.Body);
        }
        catch (SourceException exception) when (exception.IsGone || (exception.Code == "status" && exception.Arguments["status"].StartsWith('4')))
        {
            return Robots.AllowAll;
        }
    }

    private static PageVersion? VersionOf(SourcePage? page) => page is null ? null : new PageVersion(page.Version, page.LastModified);

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);
}
