using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.S3Storage;

/// <summary>Which bucket, and who asks.</summary>
public sealed record S3Settings
{
    /// <summary>Where the service answers; null: Amazon.</summary>
    [Setting(SettingKind.Address, ClearsSecrets = true)]
    public Uri? Endpoint { get; set; }

    /// <summary>The region.</summary>
    [Setting(SettingKind.Text, Required = true, Default = "us-east-1")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket.</summary>
    [Setting(SettingKind.Text, Required = true)]
    public string Bucket { get; set; } = "";

    /// <summary>The id of the key.</summary>
    [Setting(SettingKind.Text, Required = true)]
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of the key.</summary>
    [Setting(SettingKind.Secret, Required = true)]
    public string SecretKey { get; set; } = "";

    /// <summary>Whether the bucket stands in the path, and not in the name of the host.</summary>
    [Setting(SettingKind.Toggle, Default = "true")]
    public bool PathStyle { get; set; } = true;

    // It would print the secret.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Bucket);
        return true;
    }
}
