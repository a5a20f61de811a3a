namespace Calango.Plugins.LocalModels;

// Where npm packages come from on this machine: a company's mirror is honoured the way npm itself does.
internal sealed record NpmRegistry(Uri Address)
{
    private static readonly Uri Public = new("https://registry.npmjs.org/");

    public static NpmRegistry OfThisMachine() => From(
        Environment.GetEnvironmentVariable("npm_config_registry") ?? Environment.GetEnvironmentVariable("NPM_CONFIG_REGISTRY"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc"));

    public static NpmRegistry From(string? environment, string userConfiguration)
    {
        var address = environment ?? RegistryLine(userConfiguration);
        return Uri.TryCreate(address?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? new NpmRegistry(uri)
            : new NpmRegistry(Public);
    }

    // "@scope/name@1.2.3" lies at "@scope/name/-/name-1.2.3.tgz".
    public Uri TarballOf(string package)
    {
        var at = package.LastIndexOf('@');
        var (name, version) = (package[..at], package[(at + 1)..]);
        return new Uri(Address, $"{name}/-/{name[(name.IndexOf('/') + 1)..]}-{version}.tgz");
    }

    private static string? RegistryLine(string path)
    {
        try
        {
            return File.ReadLines(path)
                .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
                .LastOrDefault(parts => parts is ["registry", _])?[1].Trim('"');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
