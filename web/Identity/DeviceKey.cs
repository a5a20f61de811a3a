using System.Globalization;
using System.Text;
using Calango.Core.Identity;
using QRCoder;

namespace Calango.Web.Identity;

/// <summary>A key as somebody brings it into their device: a link, a picture of it, or letters to be typed.</summary>
/// <param name="made">The key.</param>
/// <param name="host">The server, by which the device tells keys apart.</param>
/// <param name="email">Whose it is.</param>
public sealed class DeviceKey(NewSecondStep made, string host, string email)
{
    /// <summary>What the browser keeps of it.</summary>
    public string Kept => made.Kept;

    /// <summary>The key in groups, as people copy letters.</summary>
    public string Grouped => string.Join(' ', made.Key.Chunk(4).Select(group => new string(group)));

    /// <summary>The link, as apps know it (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).</summary>
    public string Link
    {
        get
        {
            var issuer = Uri.EscapeDataString($"Calango {host}");
            return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(email)}?secret={made.Key}&issuer={issuer}&algorithm=SHA1&digits=6&period=30";
        }
    }

    /// <summary>The link as a picture: its side in modules, and the dark ones as the path of an SVG.</summary>
    public (int Side, string Path) Picture()
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(Link, QRCodeGenerator.ECCLevel.M, requestedVersion: -1);
        // Drawn here, since the package's own SVG brings styles that the content policy forbids.
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                if (rows[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return (rows.Count, path.ToString());
    }
}
