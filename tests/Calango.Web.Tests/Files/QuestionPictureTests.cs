using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace Calango.Web.Tests.Files;

/// <summary>Pictures in questions: from the file that somebody has to the model that sees, and to nobody else.</summary>
public sealed class QuestionPictureTests
{
    private const string Question = "What is this?";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => NoPictures.Kinds;

    [EachDatabase]
    public async Task A_picture_goes_with_its_question_painted_anew_and_is_shown_to_whose_it_is_alone(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();

        await SendAsync(ana, "/messages", app.Model, Question, ("holiday.jpg", Pictures.Photo(3000, 1000)));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, answers: 1, Cancelled);

        var sent = Assert.Single(PicturesIn(app.Upstream.Requests[0], message: 0));
        Assert.Equal("image/jpeg", sent.Type);
        Assert.DoesNotContain(Pictures.SecretPlace, Encoding.Latin1.GetString(sent.Bytes), StringComparison.Ordinal);
        var painted = Image.Identify(sent.Bytes);
        Assert.Equal((2048, 683), (painted.Width, painted.Height));
        Assert.Equal(Question, app.Upstream.Requests[0].LastUserText);
        Assert.Empty(page.QuerySelectorAll(".pictures--waiting"));
        var shown = (IHtmlImageElement)Assert.Single(page.QuerySelectorAll(".message--question .pictures img"));
        Assert.Equal("Picture: holiday.jpg", shown.AlternativeText);
        var address = shown.GetAttribute("src")!;
        using var served = await ana.Http.GetAsync(address, Cancelled);
        Assert.Equal(sent.Bytes, await served.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(("image/jpeg", "nosniff", "sandbox; default-src 'none'", true),
            (served.Content.Headers.ContentType!.MediaType, served.Headers.GetValues("X-Content-Type-Options").Single(), served.Headers.GetValues("Content-Security-Policy").Single(), served.Headers.CacheControl!.Private));
        if (kind == DatabaseKind.Postgres)
        {
            await ana.GetAsync("/admin/people", Cancelled);
            using var bruno = app.VisitAsStranger();
            await bruno.AcceptAsync(await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
            using var foreign = await bruno.Http.GetAsync(address, Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        }

        await ana.PostAsync(chat, Cancelled, ("_method", "DELETE"));
        using var gone = await ana.Http.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [EachDatabase]
    public async Task It_stays_in_the_prompt_in_another_answer_a_rewritten_question_a_fork_and_what_is_sent_again(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        await SendAsync(ana, "/messages", app.Model, "", ("one.png", Drawing()), ("two.png", Drawing()));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, answers: 1, Cancelled);
        var first = PicturesIn(app.Upstream.Requests[0], message: 0);
        Assert.Equal(("image/png", 2), (first[0].Type, first.Count));

        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", "And beside it?"));
        page = await ana.WholeAsync(chat, answers: 2, Cancelled);
        Assert.Equal(first, PicturesIn(app.Upstream.Requests[1], message: 0), SamePicture);

        var question = page.QuerySelector(".message--question")!.Id!["message-".Length..];
        var trace = page.QuerySelector(".facts a")!.GetAttribute("href")!;
        var traced = await ana.GetAsync(trace, Cancelled);
        Assert.Contains("one.png · image/png · 40 × 30", traced.QuerySelector(".trace__message .hint")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("base64", traced.Body!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(trace.Replace("/trace", "/reruns", StringComparison.Ordinal), Cancelled);
        await ana.WholeAsync(ana.Path, answers: 2, Cancelled);
        Assert.Equal(app.Upstream.Requests[0].Body.GetRawText(), app.Upstream.Requests[2].Body.GetRawText());

        await ana.GetAsync(chat, Cancelled);
        await ana.PostAsync($"{chat}/messages/{question}", Cancelled, ("_method", "PUT"), ("Text", "Describe it."));
        page = await ana.WholeAsync(chat, answers: 1, Cancelled);
        Assert.Equal(("Describe it.", 2), (app.Upstream.Requests[3].LastUserText, page.QuerySelectorAll(".message--question .pictures img").Length));
        Assert.Equal(first, PicturesIn(app.Upstream.Requests[3], message: 0), SamePicture);

        var answer = page.QuerySelector(".message--answer")!.Id!["message-".Length..];
        await ana.PostAsync($"{chat}/messages/{answer}/fork", Cancelled);
        Assert.NotEqual(chat, ana.Path);
        page = await ana.GetAsync(ana.Path, Cancelled);
        // The bytes are shared, and there as long as one chat has them.
        await ana.PostAsync(chat, Cancelled, ("_method", "DELETE"));
        var copied = page.QuerySelectorAll(".message--question .pictures img");
        Assert.Equal(2, copied.Length);
        foreach (var image in copied)
        {
            Assert.Equal(first[0].Bytes, await ana.Http.GetByteArrayAsync(image.GetAttribute("src"), Cancelled));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task F04_what_is_no_picture_or_a_bomb_is_refused_in_words_and_nothing_is_sent(string what)
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await SendAsync(ana, "/messages", app.Model, Question, ("drawing.png", NoPictures.Of(what)));

        Assert.Matches("drawing.png: (This is no picture that can be read|This picture is too large|This file is empty)", page.QuerySelector(".attachments__refusals")!.TextContent);
        Assert.Equal(Question, page.QuerySelector("#composer-text")!.TextContent);
        Assert.Empty(page.QuerySelectorAll(".pictures img"));
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task Of_what_moves_the_first_picture_is_taken_what_was_turned_is_upright_and_an_eleventh_is_one_too_many()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        await SendAsync(ana, "/chat/new/attachments", app.Model, "", ("many.gif", Movie(frames: 100_000)), ("turned.jpg", Turned()));
        var chat = ana.Path;
        for (var more = 0; more < 8; more++)
        {
            await SendAsync(ana, $"{chat}/attachments", app.Model, "", ($"{more}.png", Drawing()));
        }

        var page = await SendAsync(ana, $"{chat}/attachments", app.Model, "Half a thou", ("eleventh.png", Drawing()));

        Assert.Equal("eleventh.png: A question has at most 10 pictures. Take one away first.", page.QuerySelector(".attachments__refusals p")!.TextContent);
        var sizes = page.QuerySelectorAll(".pictures--waiting img").Select(image => (image.GetAttribute("width"), image.GetAttribute("height"))).ToList();
        Assert.Equal([("1", "1"), ("30", "40")], sizes[..2]);
        Assert.Equal(10, sizes.Count);
    }

    [Fact]
    public async Task A_picture_that_is_taken_away_before_it_is_sent_is_gone_with_its_bytes()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SendAsync(ana, "/chat/new/attachments", app.Model, "", ("one.png", Drawing()));
        var page = await ana.GetAsync(ana.Path, Cancelled);
        Assert.Single(BytesOf(app));

        await ana.PostAsync(page.QuerySelector(".pictures--waiting button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Empty((await ana.GetAsync(ana.Path, Cancelled)).QuerySelectorAll(".pictures"));
        Assert.Empty(BytesOf(app));
        var id = page.QuerySelector("[name=Pictures]")!.GetAttribute("value")!;
        using var refused = await ana.TryPostAsync($"{ana.Path}/messages", Cancelled, ("Text", Question), ("Pictures", id));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("is not there any more", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_known_to_see_nothing_is_given_nothing_and_people_are_told_before()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Answer("/v1/models", """
            {"data":[{"id":"sees","architecture":{"input_modalities":["text","image"]}},{"id":"blind","architecture":{"input_modalities":["text"]}}]}
            """);
        app.Upstream.Models = ["sees", "blind"];
        var sees = await app.ConnectAsync(app.Upstream);
        var blind = sees with { ModelId = "blind" };
        using var ana = app.Visit();
        var page = await SendAsync(ana, "/messages", blind, Question, ("one.png", Drawing()));
        Assert.Equal("one.png: blind cannot see pictures. Choose another model for this chat, then attach it again.", page.QuerySelector(".attachments__refusals p")!.TextContent);

        Assert.Equal(1, (await ana.GetAsync("/models/picker", Cancelled)).Body!.TextContent.Split("Sees pictures").Length - 1);
        await SendAsync(ana, "/chat/new/attachments", sees, "", ("one.png", Drawing()));
        var chat = ana.Path;
        Assert.Null((await ana.GetAsync(chat, Cancelled)).QuerySelector("[data-blind]"));
        await ana.PostAsync($"{chat}/model?model={Uri.EscapeDataString(blind.ToString())}", Cancelled, ("_method", "PUT"));
        page = await ana.GetAsync(chat, Cancelled);
        Assert.Equal("blind cannot see pictures. Choose another model, or take them away.", page.QuerySelector("[data-blind]")!.TextContent.Trim());
        var waiting = page.QuerySelector("[name=Pictures]")!.GetAttribute("value")!;
        using var refused = await ana.TryPostAsync($"{chat}/messages", Cancelled, ("Text", Question), ("Pictures", waiting), ("Model", blind.ToString()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Empty(app.Upstream.Requests);

        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", Question), ("Pictures", waiting), ("Model", sees.ToString()));
        await ana.WholeAsync(chat, answers: 1, Cancelled);
        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", "Go on"), ("Model", blind.ToString()));
        await ana.WholeAsync(chat, answers: 2, Cancelled);
        var told = app.Upstream.Requests.Single(request => request.LastUserText == "Go on");
        Assert.Empty(PicturesIn(told, message: 0));
        Assert.Contains("A picture that you cannot see: one.png", told.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_in_what_somebody_takes_with_them()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SendAsync(ana, "/messages", app.Model, Question, ("one.png", Drawing()));
        await ana.WholeAsync(ana.Path, answers: 1, Cancelled);
        var chat = ana.Path;

        using var answer = await ana.Http.GetAsync((await ana.GetAsync("/data", Cancelled)).QuerySelector("a[download]")!.GetAttribute("href")!, Cancelled);
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancelled)));

        await using var list = await zip.GetEntry("pictures.json")!.OpenAsync(Cancelled);
        var picture = Assert.Single((await JsonDocument.ParseAsync(list, cancellationToken: Cancelled)).RootElement.EnumerateArray());
        Assert.Equal(("one.png", chat.Split('/')[^1]), (picture.GetProperty("name").GetString(), picture.GetProperty("chat").GetString()));
        var file = zip.GetEntry(picture.GetProperty("file").GetString()!)!;
        Assert.Equal(PicturesIn(app.Upstream.Requests[0], message: 0)[0].Bytes.Length, file.Length);
    }

    private static bool SamePicture((string Type, byte[] Bytes) one, (string Type, byte[] Bytes) other) => one.Type == other.Type && one.Bytes.AsSpan().SequenceEqual(other.Bytes);

    private static List<(string Type, byte[] Bytes)> PicturesIn(UpstreamRequest request, int message) =>
        request.Body.GetProperty("messages")[message].GetProperty("content") is not { ValueKind: JsonValueKind.Array } parts ? []
        : [.. from part in parts.EnumerateArray()
              where part.GetProperty("type").ValueEquals("image_url")
              let url = part.GetProperty("image_url").GetProperty("url").GetString()!
              select (url[5..url.IndexOf(';', StringComparison.Ordinal)], Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]))];

    private static string[] BytesOf(TestApp app) =>
        Path.Combine(app.DataFolder, "plugins", "data", "disk-storage", "pictures") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    private static byte[] Drawing()
    {
        using var image = new Image<Rgba32>(40, 30, new Rgba32(30, 120, 60));
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return file.ToArray();
    }

    // Held upright, with the camera on its side.
    private static byte[] Turned()
    {
        using var image = new Image<Rgb24>(40, 30, new Rgb24(200, 90, 30));
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file);
        return file.ToArray();
    }

    private static byte[] Movie(int frames)
    {
        byte[] frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        using var file = new MemoryStream();
        file.Write([.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (var count = 0; count < frames; count++)
        {
            file.Write(frame);
        }

        file.WriteByte(0x3B);
        return file.ToArray();
    }

    private static async Task<IHtmlDocument> SendAsync(Visitor ana, string path, ModelRef model, string text, params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent(text), "Text" }, { new StringContent(model.ToString()), "Model" } };
        foreach (var (name, bytes) in files)
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(file, "Files", name);
        }

        using var answer = await ana.TryPostAsync(path, form, Cancelled);
        answer.EnsureSuccessStatusCode();
        var address = answer.RequestMessage!.RequestUri!.PathAndQuery;
        return answer.RequestMessage.Method == HttpMethod.Get ? await ana.GetAsync(address, Cancelled) : await Reading.PageAsync(answer, Cancelled);
    }
}
