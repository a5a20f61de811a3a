using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>Prints what is in force, or explains one setting. Starts nothing.</summary>
public static class ConfigCommand
{
    private const string None = "(none)";

    /// <param name="arguments">None, or <c>explain</c> and a key.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="output">Where it prints.</param>
    /// <exception cref="StartRefusedException">The server would not start like this, or the arguments are wrong.</exception>
    public static void Run(string[] arguments, IReadOnlyDictionary<string, string?> environment, TextWriter output)
    {
        switch (arguments)
        {
            case []:
                Print(SettingsInForce.Read(environment), output);
                break;
            case ["explain", var name]:
                Explain(SettingKeys.All.FirstOrDefault(key => key.Name == name || key.Variable == name) ?? throw new StartRefusedException(Unknown.Key(name)), output);
                break;
            default:
                throw new StartRefusedException("Usage: ./calango config [explain KEY]");
        }
    }

    private static void Print(SettingsInForce settings, TextWriter output)
    {
        // What only shows when settings meet is wrong too.
        HostSettings.From(settings);

        output.WriteLine(settings.File.Exists ? $"# The file is {settings.File.Path}." : $"# No file: {settings.File.Path} is not there.");
        var lines = settings.All.ToList();
        foreach (var line in lines.Where(line => line.IsUnusable))
        {
            output.WriteLine($"# {line.Warning}");
        }

        var widest = lines.Max(line => line.Key.Name.Length);
        foreach (var line in lines)
        {
            output.WriteLine($"{line.Key.Name.PadRight(widest)} = {(line.Shown.Length > 0 ? line.Shown : None)}  ({line.Origin})");
        }
    }

    private static void Explain(SettingKey key, TextWriter output)
    {
        output.WriteLine(key.Name);
        output.WriteLine(key.Explanation);
        output.WriteLine($"It can be: {key.Permitted}");
        output.WriteLine($"Default: {key.Default ?? None}");
        output.WriteLine($"Variable: {key.Variable}{(key.Kind.IsList ? ", with ; or , between the values of the list" : "")}");
        if (key.Kind.IsSecret)
        {
            output.WriteLine("It is secret: ./calango config hides it.");
        }
    }
}
