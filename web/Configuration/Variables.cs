using System.Text.RegularExpressions;
using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>The environment variables that begin with CALANGO_.</summary>
internal static partial class Variables
{
    /// <summary>How the names of ours begin.</summary>
    public const string Prefix = "CALANGO_";

    // They belong to the project's script, its tests and its measurements, and may be set where a server is started.
    private static readonly string[] OfTheProject = ["CALANGO_FAULT_RUNS", "CALANGO_MIGRATIONS", "CALANGO_SERVER", "CALANGO_UPSTREAM"];
    private const string PrefixOfTests = "CALANGO_TEST_";

    /// <summary>No other program reads it.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="StartRefusedException">One of them is no setting.</exception>
    public static void RefuseUnknown(IReadOnlyDictionary<string, string> variables)
    {
        var unknown = variables
            .Where(variable => IsOurs(variable.Key) && !IsKnown(variable.Key) && !IsOfKubernetes(variable.Key, variable.Value))
            .Select(variable => variable.Key).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new StartRefusedException(Unknown.Variable(unknown));
        }
    }

    private static bool IsKnown(string name) =>
        name == SettingsFile.Variable || SettingKeys.All.Any(key => key.Variable == name)
        || OfTheProject.Contains(name) || name.StartsWith(PrefixOfTests, StringComparison.Ordinal);

    // Kubernetes tells each container where the services of its namespace are: one named calango-db makes CALANGO_DB_PORT=tcp://….
    private static bool IsOfKubernetes(string name, string value) =>
        OfService().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && value.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")]
    private static partial Regex OfService();
}
