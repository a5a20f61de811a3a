using Calango.Core.Errors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Processing;

namespace Calango.Core.Files;

/// <summary>
/// Paints pictures of our own of what people hand in. Nothing of theirs goes on but the pixels: not where and with what it was
/// taken. One at a time, within limits, since a file of some kilobytes can say that it is a wall.
/// </summary>
internal static class Pictures
{
    public const string ContentType = "image/webp";

    private const int Side = 256;
    private const int LongestSide = 2048;
    private const int MostPixels = 40_000_000;
    private const int MostMegabytes = 400;

    // Ten of them, as text, go in one message to a plugin's process, and no service takes much larger ones.
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly Configuration Known = Configure();

    // Also without the texts that a picture may carry along.
    private static readonly PngEncoder Drawing = new() { ColorType = PngColorType.RgbWithAlpha, BitDepth = PngBitDepth.Bit8, IgnoreMetadata = true };

    /// <summary>Whether a file begins as one of the forms that are known here does, whatever it is called.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        || head.StartsWith("GIF8"u8)
        || (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8));

    /// <summary>A small square one.</summary>
    /// <exception cref="RejectedException">It is no picture that is known here, or too large a one.</exception>
    public static Task<byte[]> SquareAsync(byte[] file, TimeProvider clock, CancellationToken cancellationToken) => PaintAsync(
        file,
        new PictureRefusals("avatar.tooLarge", "avatar.unreadable"),
        async (image, _, token) =>
        {
            image.Mutate(picture => picture.Resize(new ResizeOptions { Size = new Size(Side, Side), Mode = ResizeMode.Crop }));
            return await EncodeAsync(image, new WebpEncoder { Quality = 82 }, token);
        },
        clock,
        cancellationToken);

    /// <summary>The whole picture, scaled down where it is large: in a form that each model that sees can read, which WebP is not.</summary>
    /// <inheritdoc cref="SquareAsync"/>
    public static Task<PaintedPicture> WholeAsync(byte[] file, TimeProvider clock, CancellationToken cancellationToken) => PaintAsync(
        file,
        new PictureRefusals("picture.tooLarge", "picture.unreadable"),
        async (image, format, token) =>
        {
            if (Math.Max(image.Width, image.Height) > LongestSide)
            {
                image.Mutate(picture => picture.Resize(new ResizeOptions { Size = new Size(LongestSide, LongestSide), Mode = ResizeMode.Max }));
            }

            // What was drawn stays sharp, unless it is large: then it is a photograph after all.
            if (format is not JpegFormat && await EncodeAsync(image, Drawing, token) is { Length: <= MostBytes } drawn)
            {
                return new PaintedPicture(drawn, "image/png", image.Width, image.Height);
            }

            image.Mutate(picture => picture.BackgroundColor(Color.White));
            var photo = await EncodeAsync(image, new JpegEncoder { Quality = 85 }, token);
            photo = photo.Length <= MostBytes ? photo : await EncodeAsync(image, new JpegEncoder { Quality = 60 }, token);
            return new PaintedPicture(photo, "image/jpeg", image.Width, image.Height);
        },
        clock,
        cancellationToken);

    private static async Task<T> PaintAsync<T>(
        byte[] file, PictureRefusals refusals, Func<Image, IImageFormat, CancellationToken, Task<T>> paint, TimeProvider clock, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(Longest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var token = either.Token;
            return await Task.Run(
                async () =>
                {
                    var (image, format) = await ReadAsync(file, refusals, token);
                    using (image)
                    {
                        return await paint(image, format, token);
                    }
                },
                token);
        }
        catch (Exception exception) when (exception is not RejectedException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever a decoder makes of broken bytes.
            throw new RejectedException(exception is OperationCanceledException or InvalidMemoryOperationException ? refusals.TooLarge : refusals.Unreadable);
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<(Image Image, IImageFormat Format)> ReadAsync(byte[] file, PictureRefusals refusals, CancellationToken cancellationToken)
    {
        var said = await Image.IdentifyAsync(Known, new MemoryStream(file), cancellationToken) ?? throw new RejectedException(refusals.Unreadable);
        if ((long)said.Width * said.Height > MostPixels)
        {
            throw new RejectedException(refusals.TooLarge);
        }

        var (image, format) = await Image.LoadWithFormatAsync(Known, new MemoryStream(file), cancellationToken);
        image.Mutate(picture => picture.AutoOrient());
        Forget(image.Metadata);
        return (image, format);
    }

    private static async Task<byte[]> EncodeAsync(Image image, IImageEncoder encoder, CancellationToken cancellationToken)
    {
        using var painted = new MemoryStream();
        await image.SaveAsync(painted, encoder, cancellationToken);
        return painted.ToArray();
    }

    private static void Forget(ImageMetadata metadata) =>
        (metadata.ExifProfile, metadata.IccProfile, metadata.XmpProfile, metadata.IptcProfile) = (null, null, null, null);

    // These forms and no others, told by their first bytes.
    private static Configuration Configure()
    {
        var known = new Configuration(new JpegConfigurationModule(), new PngConfigurationModule(), new GifConfigurationModule(), new WebpConfigurationModule())
        {
            MaxDegreeOfParallelism = 1,
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = 16, AllocationLimitMegabytes = MostMegabytes }),
        };
        known.ImageFormatsManager.SetDecoder(GifFormat.Instance, new GifDecoder { DecodingMode = FrameDecodingMode.First });
        return known;
    }
}

/// <summary>A picture of our own.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its form.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record PaintedPicture(byte[] Content, string ContentType, int Width, int Height);

/// <summary>The codes with which a file is refused.</summary>
internal sealed record PictureRefusals(string TooLarge, string Unreadable);
