using Calango.Core.Identity;
using Calango.Core.Models;

namespace Calango.Core.Tests;

/// <summary>Connections as a person would enter them.</summary>
internal static class Inputs
{
    /// <summary>Somebody who calls a model and waits for it.</summary>
    public static ModelCaller Caller { get; } = new(Account.LocalId, CallPriority.Interactive);

    public static ConnectionInput OpenAi(Uri address, string? key = null, string name = "Service") => new(
        "openai-compatible", "", name, new Dictionary<string, string?> { ["address"] = address.AbsoluteUri, ["apiKey"] = key }, new TimeLimits());
}
