using Calango.Sdk;

namespace Calango.Plugins.Echo;

/// <summary>
/// What a connection asks for. The host draws the form from these attributes, with the labels of <c>locales/*.json</c>,
/// and checks, stores and encrypts the values.
/// </summary>
public sealed record EchoSettings
{
    /// <summary>Milliseconds between two words.</summary>
    [Setting(SettingKind.Number, Default = "0", Minimum = 0, Maximum = 10_000)]
    public int Pace { get; set; }
}
