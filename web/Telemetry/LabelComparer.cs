namespace Calango.Web.Telemetry;

using Label = KeyValuePair<string, object?>;

/// <summary>Finds the series of a measurement by its labels as they come, so that a measurement allocates nothing.</summary>
internal sealed class LabelComparer : IEqualityComparer<Label[]>, IAlternateEqualityComparer<ReadOnlySpan<Label>, Label[]>
{
    public static LabelComparer Instance { get; } = new();

    public bool Equals(Label[]? x, Label[]? y) => Equals(x.AsSpan(), y!);

    public int GetHashCode(Label[] obj) => GetHashCode(obj.AsSpan());

    public Label[] Create(ReadOnlySpan<Label> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<Label> alternate, Label[] other)
    {
        if (alternate.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < other.Length; i++)
        {
            if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    // The names are the instrument's, so the values tell all.
    public int GetHashCode(ReadOnlySpan<Label> alternate)
    {
        var hash = new HashCode();
        foreach (var label in alternate)
        {
            hash.Add(label.Value);
        }

        return hash.ToHashCode();
    }
}
