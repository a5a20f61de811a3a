namespace Calango.Core.Plugins;

/// <summary>How far a plugin is trusted, the least first.</summary>
public enum PluginTrustLevel
{
    /// <summary>Nobody signed it.</summary>
    Unsigned,

    /// <summary>Signed, with a key that this server knows nothing of.</summary>
    SignedByStranger,

    /// <summary>Signed by a publisher whom an administrator trusts.</summary>
    Trusted,

    /// <summary>It came with the server.</summary>
    BuiltIn,
}
