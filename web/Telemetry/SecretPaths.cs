namespace Calango.Web.Telemetry;

/// <summary>Addresses that hold what opens something: that is for a browser, and for no log.</summary>
internal static class SecretPaths
{
    private static readonly string[] Beginnings = ["/s/", "/invitations/", "/sign-up/"];

    /// <summary>The path as it may be written down.</summary>
    public static string Close(string path) => Array.Find(Beginnings, beginning => path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) is { } beginning ? $"{beginning}…" : path;
}
