using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>The form in which arguments and answers go over a <see cref="Wire"/>.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions Options = AIJsonUtilities.DefaultOptions;

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidDataException("Nothing where something is needed.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"Not a {typeof(T).Name}.", exception);
        }
    }
}
