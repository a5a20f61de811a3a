using Calango.Core.Models;

namespace Calango.Core.Tests;

/// <summary>Connections as a person would enter them.</summary>
internal static class Inputs
{
    public static ConnectionInput OpenAi(Uri address, string? key = null, string name = "Service") => new(
        "openai-compatible", "", name, new Dictionary<string, string?> { ["address"] = address.AbsoluteUri, ["apiKey"] = key }, new TimeLimits());
}
