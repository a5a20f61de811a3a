namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IPassageIndex"/>. A plugin's test class derives from this and says where its index is;
/// a thing that it cannot do is skipped, visibly.
/// </summary>
public abstract class PassageIndexConformance
{
    // What single precision, and another order of adding, may change.
    private const float Tolerance = 1e-3f;
    private const int Dimensions = 8;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private long _number;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The index under test.</summary>
    protected abstract IPassageIndex Index { get; }

    /// <summary>Settings that reach it.</summary>
    protected virtual SettingsValues Place { get; } = new(new Dictionary<string, string>());

    /// <summary>Settings with which nothing is reached; null: it needs no service.</summary>
    protected virtual SettingsValues? Unreachable() => null;

    /// <summary>Settings that reach a service which takes a request and never answers; null: it needs none.</summary>
    protected virtual SettingsValues? Stalled() => null;

    [Fact]
    public Task An_index_that_can_be_worked_with_says_so() => Index.CheckAsync(Place, TestEnd);

    [Fact]
    public async Task The_nearest_come_first_with_their_cosines()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(100);
        await PutAsync(space, vectors);
        var question = Unit(7);

        var found = await FindAsync(space, new IndexQuery(question, 10));

        var wanted = vectors.OrderByDescending(vector => Cosine(vector.Values, question)).Take(10).ToList();
        Assert.Equal(wanted.Select(vector => vector.Passage), found.Select(near => near.Passage));
        Assert.All(wanted.Zip(found), pair => Assert.Equal(Cosine(pair.First.Values, question), pair.Second.Cosine!.Value, Tolerance));
    }

    [Fact]
    public async Task Of_some_thousand_most_of_the_nearest_are_found()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(3_000);
        await PutAsync(space, vectors);
        var found = 0;

        for (var seed = 10_000; seed < 10_010; seed++)
        {
            var question = Unit(seed);
            var wanted = vectors.OrderByDescending(vector => Cosine(vector.Values, question)).Take(100).Select(vector => vector.Passage);
            found += wanted.Intersect((await FindAsync(space, new IndexQuery(question, 100))).Select(near => near.Passage)).Count();
        }

        Assert.True(found >= 900, $"{found} of 1000");
    }

    [Fact]
    public async Task A_passage_with_many_vectors_is_found_once_by_the_nearest_and_crowds_nobody_out()
    {
        var space = await NewSpaceAsync();
        var question = Unit(1);
        var edition = Guid.CreateVersion7();
        await PutAsync(space, [.. Enumerable.Range(0, 60).Select(_ => new IndexVector(Next(), 1, edition, question)), New(edition, 2, Unit(2)), New(edition, 3, Unit(3))]);

        var found = await FindAsync(space, new IndexQuery(question, 3));

        Assert.Equal([1L, 2, 3], found.Select(near => near.Passage).Order());
        Assert.Equal(1, found[0].Cosine!.Value, Tolerance);
    }

    [Fact]
    public async Task Among_some_passages_each_that_is_there_is_compared()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(300);
        await PutAsync(space, vectors);
        var question = Unit(5);
        var wanted = vectors.Where((_, index) => index % 3 == 0).ToList();

        var found = await FindAsync(space, new IndexQuery(question, 1_000) { Passages = [.. wanted.Select(vector => vector.Passage), -1, long.MaxValue] });

        Assert.Equal(wanted.Select(vector => vector.Passage).Order(), found.Select(near => near.Passage).Order());
        var cosines = found.ToDictionary(near => near.Passage, near => near.Cosine!.Value);
        Assert.All(wanted, vector => Assert.Equal(Cosine(vector.Values, question), cosines[vector.Passage], Tolerance));
        Assert.Empty(await FindAsync(space, new IndexQuery(question, 10) { Passages = [-1] }));
    }

    [Fact]
    public async Task What_is_put_there_again_takes_the_place_of_what_was()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(20);
        await PutAsync(space, vectors);
        await Index.EnsureAsync(space, Place, TestEnd);
        var moved = vectors[3] with { Values = Unit(999) };
        await PutAsync(space, [moved]);
        await PutAsync(space, vectors[5..8]);

        var found = await FindAsync(space, new IndexQuery(moved.Values, 100));

        Assert.Equal(20, found.Count);
        Assert.Equal(moved.Passage, found[0].Passage);
        Assert.Equal(1, found[0].Cosine!.Value, Tolerance);
    }

    [Fact]
    public async Task Editions_that_are_taken_away_are_found_no_more_and_others_are()
    {
        var space = await NewSpaceAsync();
        var (kept, gone, goneToo) = (Random(50), Random(450), Random(30));
        await PutAsync(space, [.. kept, .. gone, .. goneToo]);

        await Index.DeleteAsync(space, [gone[0].Edition, Guid.CreateVersion7(), goneToo[0].Edition], Place, TestEnd);

        Assert.Equal(kept.Select(vector => vector.Passage).Order(), (await FindAsync(space, new IndexQuery(Unit(1), 1_000))).Select(near => near.Passage).Order());
        await Index.DeleteAsync(space, [gone[0].Edition], Place, TestEnd);
        await Index.DeleteAsync(NewSpace() with { Fingerprint = $"unknown/{Guid.CreateVersion7()}" }, [gone[0].Edition], Place, TestEnd);
    }

    [Fact]
    public async Task What_was_never_there_or_is_lost_is_told_from_what_is_empty()
    {
        var unknown = NewSpace() with { Fingerprint = $"unknown/{Guid.CreateVersion7()}" };
        Assert.Null(await Index.SearchAsync(unknown, new IndexQuery(Unit(1), 10), Place, TestEnd));

        await Index.EnsureAsync(unknown, Place, TestEnd);

        Assert.Empty(await FindAsync(unknown, new IndexQuery(Unit(1), 10)));
    }

    [Fact]
    public async Task What_is_in_one_space_is_not_in_another()
    {
        var mine = await NewSpaceAsync();
        IndexSpace[] others = [mine with { Tenant = "another" }, mine with { Collection = Guid.CreateVersion7() }, mine with { Fingerprint = "sha256:\"'}\\{/mean/8 ä" }];
        foreach (var (index, space) in others.Prepend(mine).Index())
        {
            await Index.EnsureAsync(space, Place, TestEnd);
            await PutAsync(space, [New(Guid.CreateVersion7(), index + 1, Unit(1))]);
        }

        foreach (var (index, space) in others.Prepend(mine).Index())
        {
            Assert.Equal(index + 1, Assert.Single(await FindAsync(space, new IndexQuery(Unit(1), 10))).Passage);
        }
    }

    [Fact]
    public async Task Of_vectors_one_of_which_does_not_fit_none_is_put_there()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(3);
        vectors[1] = vectors[1] with { Values = [1] };

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Index.UpsertAsync(space, vectors, Place, TestEnd));

        Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
        Assert.Empty(await FindAsync(space, new IndexQuery(Unit(1), 10)));
        refused = await Assert.ThrowsAsync<ProviderException>(() => Index.SearchAsync(space, new IndexQuery([1], 10), Place, TestEnd));
        Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
    }

    [Fact]
    public async Task Words_may_count_too_and_are_text_whatever_is_in_them()
    {
        var space = await NewSpaceAsync();
        var vectors = Random(5);
        vectors[0] = vectors[0] with { Words = "harbour \"} { lighthous" };
        await PutAsync(space, vectors);

        var found = await FindAsync(space, new IndexQuery(Unit(1), 10) { Words = "lighthous \"}) {'\\", Alpha = 0.5 });

        Assert.Contains(vectors[0].Passage, found.Select(near => near.Passage));
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_mix()
    {
        var spaces = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => NewSpaceAsync()));
        var vectors = spaces.Select((_, index) => Random(60, seed: index * 1_000)).ToList();

        await Task.WhenAll(spaces.Select((space, index) => PutAsync(space, vectors[index])));
        var found = await Task.WhenAll(spaces.Select(space => FindAsync(space, new IndexQuery(Unit(1), 100))));

        foreach (var (index, near) in found.Index())
        {
            Assert.Equal(vectors[index].Select(vector => vector.Passage).Order(), near.Select(passage => passage.Passage).Order());
        }
    }

    [Fact]
    public async Task Where_nothing_is_reached_each_call_says_so()
    {
        var nowhere = Unreachable();
        Assert.SkipWhen(nowhere is null, "This index needs no service.");
        var (space, vectors) = (NewSpace(), Random(1));

        foreach (var call in new Func<Task>[]
        {
            () => Index.CheckAsync(nowhere, TestEnd),
            () => Index.EnsureAsync(space, nowhere, TestEnd),
            () => Index.UpsertAsync(space, vectors, nowhere, TestEnd),
            () => Index.DeleteAsync(space, [vectors[0].Edition], nowhere, TestEnd),
            () => Index.SearchAsync(space, new IndexQuery(Unit(1), 10), nowhere, TestEnd),
        })
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(call);
            Assert.Contains(failure.Kind, new[] { ProviderErrorKind.Unreachable, ProviderErrorKind.HostNotFound });
        }
    }

    [Fact]
    public async Task A_stop_ends_a_call_within_two_seconds()
    {
        var stalled = Stalled();
        Assert.SkipWhen(stalled is null, "This index needs no service.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var call = Index.SearchAsync(NewSpace(), new IndexQuery(Unit(1), 10), stalled, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(StopLimit, TestEnd));
    }

    /// <summary>A space that nobody has made yet.</summary>
    protected static IndexSpace NewSpace() => new("tenant0of0tests", Guid.CreateVersion7(), "test/8", Dimensions);

    /// <summary>A space that is there and empty.</summary>
    protected async Task<IndexSpace> NewSpaceAsync()
    {
        var space = NewSpace();
        await Index.EnsureAsync(space, Place, TestEnd);
        return space;
    }

    /// <summary>Puts vectors there, as many at once as the server does.</summary>
    protected async Task PutAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors)
    {
        foreach (var some in vectors.Chunk(200))
        {
            await Index.UpsertAsync(space, some, Place, TestEnd);
        }
    }

    /// <summary>Passages of an edition of their own, each with one vector.</summary>
    protected IndexVector[] Random(int count, int seed = 100)
    {
        var edition = Guid.CreateVersion7();
        return [.. Enumerable.Range(0, count).Select(index => New(edition, Next(), Unit(seed + index)))];
    }

    /// <summary>A direction that is always the same for a seed.</summary>
    protected static float[] Unit(int seed)
    {
        var random = new Random(seed);
        var vector = Enumerable.Range(0, Dimensions).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        var norm = MathF.Sqrt(vector.Sum(number => number * number));
        return Array.ConvertAll(vector, number => number / norm);
    }

    /// <summary>Searches a space that is there.</summary>
    protected async Task<IReadOnlyList<NearPassage>> FindAsync(IndexSpace space, IndexQuery query) =>
        await Index.SearchAsync(space, query, Place, TestEnd) ?? throw new InvalidOperationException("The space is not there.");

    private IndexVector New(Guid edition, long passage, float[] values) => new(Next(), passage, edition, values);

    private long Next() => Interlocked.Increment(ref _number);

    private static float Cosine(float[] first, float[] second) => first.Zip(second, (left, right) => left * right).Sum();
}
