namespace Calango.Core.Plugins;

/// <summary>How much a package may be, so that none fills the memory or the disk.</summary>
internal static class PackageLimits
{
    public const long PackageBytes = 256L << 20;
    public const long UnpackedBytes = 512L << 20;
    public const int Files = 2000;
    public const int NameLength = 200;
    public const int ManifestBytes = 1 << 20;

    // Code and text shrink to a third or so; what shrinks to less than a hundredth was made to burst.
    public const int Ratio = 100;
    public const long RatioCountsFrom = 1 << 20;

    public static string Megabytes(long bytes) => (bytes >> 20).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
