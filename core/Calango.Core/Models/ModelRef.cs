namespace Calango.Core.Models;

/// <summary>Names one model of one connection.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="ModelId">As the service names it.</param>
public readonly record struct ModelRef(Guid ConnectionId, string ModelId)
{
    /// <summary>The longest model id, in UTF-16 units.</summary>
    public const int MaxModelIdLength = 300;

    /// <summary>The form used in pages: <c>{connection}/{model}</c>.</summary>
    public override string ToString() => $"{ConnectionId:N}/{ModelId}";

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out ModelRef model)
    {
        model = default;
        if (text is null || text.IndexOf('/') is not 32 || text.Length is 33 or > 33 + MaxModelIdLength || !Guid.TryParseExact(text[..32], "N", out var connection))
        {
            return false;
        }

        model = new ModelRef(connection, text[33..]);
        return true;
    }
}
