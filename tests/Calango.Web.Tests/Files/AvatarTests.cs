using System.Net;
using System.Text;
using Calango.Tests.Fixtures;
using SixLabors.ImageSharp;

namespace Calango.Web.Tests.Files;

/// <summary>A person's picture: handed in, shown, replaced and taken away.</summary>
public sealed class AvatarTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => NoPictures.Kinds;

    [EachDatabase]
    public async Task A_picture_is_painted_anew_shown_beside_what_its_person_wrote_and_taken_away(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        Assert.Null(await ana.AvatarAsync(Cancelled));
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);
        var address = (await ana.AvatarAsync(Cancelled))!;
        using var served = await ana.Http.GetAsync(address, Cancelled);
        Assert.Equal("image/webp", served.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", served.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", served.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("attachment", served.Content.Headers.ContentDisposition!.DispositionType);
        var bytes = await served.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.DoesNotContain(Pictures.SecretPlace, Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        using (var image = Image.Load(bytes))
        {
            Assert.Equal((256, 256), (image.Width, image.Height));
        }

        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", "[[say=1]] hello"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString()));
        Assert.Equal(address, chat.QuerySelector(".message--question img.avatar")?.GetAttribute("src"));

        using var replaced = await ana.UploadAsync(Pictures.Photo(shade: 10), Cancelled);
        Assert.NotEqual(address, await ana.AvatarAsync(Cancelled));
        using var before = await ana.Http.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);

        await ana.PostAsync("/avatar", Cancelled, ("_method", "DELETE"));
        Assert.Null(await ana.AvatarAsync(Cancelled));
        Assert.Empty(Directory.GetFiles(Path.Combine(app.DataFolder, "plugins", "data", "disk-storage", "avatars")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task F04_what_is_no_picture_or_a_bomb_is_refused_and_the_one_from_before_stays(string what)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        using var good = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        var before = await ana.AvatarAsync(Cancelled);
        Assert.NotNull(before);

        using var refused = await ana.UploadAsync(NoPictures.Of(what), Cancelled, "image/png");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("field__error", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(before, await ana.AvatarAsync(Cancelled));
        using var served = await ana.Http.GetAsync(before, Cancelled);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_read_whole()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.AvatarAsync(Cancelled);

        using var larger = await ana.UploadAsync(new byte[10 * 1024 * 1024 + 1], Cancelled);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, larger.StatusCode);
        // The server doesn't wait for the rest: a client that still sends may only see that it hung up.
        var hungUp = await Record.ExceptionAsync(async () =>
        {
            using var largest = await ana.UploadAsync(new byte[20 * 1024 * 1024], Cancelled);
            Assert.Contains(largest.StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });
        });
        Assert.True(hungUp is null or HttpRequestException, hungUp?.ToString());
        Assert.Null(await ana.AvatarAsync(Cancelled));
    }

    [Theory]
    [InlineData("/files/avatars/..%2f..%2fcalango.db")]
    [InlineData("/files/avatars/01900000-0000-7000-8000-000000000001")]
    [InlineData("/files/avatars/%00")]
    [InlineData("/files/avatars/")]
    public async Task Nothing_but_a_picture_is_behind_its_address(string path)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        using var answer = await ana.Http.GetAsync(path, Cancelled);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }
}
