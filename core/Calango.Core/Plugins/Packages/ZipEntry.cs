namespace Calango.Core.Plugins;

/// <summary>A file in a zip, as its directory tells of it; nothing of that is believed unread.</summary>
/// <param name="Name">Its path, with forward slashes.</param>
/// <param name="Method">0: stored; 8: deflated.</param>
/// <param name="Crc">The CRC-32 of its bytes.</param>
/// <param name="PackedLength">How many bytes it takes in the zip.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="HeaderOffset">Where its own header is.</param>
internal sealed record ZipEntry(string Name, int Method, uint Crc, long PackedLength, long Length, long HeaderOffset);
