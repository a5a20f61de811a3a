using Calango.Core.Errors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Processing;

namespace Calango.Core.Files;

/// <summary>
/// Makes small square pictures of what people hand in. Nothing of theirs goes on: the pixels are painted into a picture of
/// our own, without where and with what it was taken. One at a time, within limits, since a file of some kilobytes can say
/// that it is a wall.
/// </summary>
internal static class Pictures
{
    public const string ContentType = "image/webp";

    private const int Side = 256;
    private const int MostPixels = 40_000_000;
    private const int MostMegabytes = 400;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly Configuration Known = Configure();

    /// <exception cref="RejectedException">It is no picture that is known here, or too large a one.</exception>
    public static async Task<byte[]> SquareAsync(byte[] file, TimeProvider clock, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(Longest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var token = either.Token;
            return await Task.Run(() => PaintAsync(file, token), token);
        }
        catch (Exception exception) when (exception is not RejectedException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever a decoder makes of broken bytes.
            throw new RejectedException(exception is OperationCanceledException or InvalidMemoryOperationException ? "avatar.tooLarge" : "avatar.unreadable");
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<byte[]> PaintAsync(byte[] file, CancellationToken cancellationToken)
    {
        var said = await Image.IdentifyAsync(Known, new MemoryStream(file), cancellationToken) ?? throw new RejectedException("avatar.unreadable");
        if ((long)said.Width * said.Height > MostPixels)
        {
            throw new RejectedException("avatar.tooLarge");
        }

        using var image = await Image.LoadAsync(Known, new MemoryStream(file), cancellationToken);
        image.Mutate(picture => picture.AutoOrient().Resize(new ResizeOptions { Size = new Size(Side, Side), Mode = ResizeMode.Crop }));
        Forget(image.Metadata);
        using var painted = new MemoryStream();
        await image.SaveAsync(painted, new WebpEncoder { Quality = 82 }, cancellationToken);
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
