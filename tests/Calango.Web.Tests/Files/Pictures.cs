using System.Net.Http.Headers;
using System.Security.Cryptography;
using Calango.Tests.Fixtures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace Calango.Web.Tests.Files;

/// <summary>Pictures that people hand in, and what a browser gets of them.</summary>
internal static class Pictures
{
    public const string SecretPlace = "a secret place";

    public static byte[] Photo(int width = 600, int height = 400, byte shade = 200)
    {
        using var image = new Image<Rgb24>(width, height, new Rgb24(shade, 90, 30));
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.ImageDescription, SecretPlace);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file);
        return file.ToArray();
    }

    public static async Task<HttpResponseMessage> UploadAsync(this Visitor visitor, byte[] file, CancellationToken cancellationToken, string type = "image/jpeg")
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent { { content, "picture", "../../holiday.jpg" } };
        return await visitor.TryPostAsync("/avatar", form, cancellationToken);
    }

    /// <summary>The address of the person's picture; null: they have none.</summary>
    public static async Task<string?> AvatarAsync(this Visitor visitor, CancellationToken cancellationToken) =>
        (await visitor.GetAsync("/avatar", cancellationToken)).QuerySelector("img.avatar")?.GetAttribute("src");

    public static string DigestOf(byte[] content) => Convert.ToHexString(SHA256.HashData(content));
}
