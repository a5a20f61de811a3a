namespace Calango.Web.Text;

/// <summary>What the pages about plugins say beyond plain sentences.</summary>
public static class PluginText
{
    /// <summary>The id of a key, or a digest, in groups that can be compared by eye.</summary>
    public static string Fingerprint(this PageText _, string hexadecimal) => string.Join(' ', hexadecimal.Chunk(4).Select(group => new string(group)));
}
