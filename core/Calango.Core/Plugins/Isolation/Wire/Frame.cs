namespace Calango.Core.Plugins;

/// <summary>
/// One message of a <see cref="Wire"/>: the length of what follows (4 bytes, little-endian), its kind (1 byte), the number of
/// its call (4 bytes, little-endian), its content.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Call">The number that whoever calls gave the call.</param>
/// <param name="Content">What it carries.</param>
internal readonly record struct Frame(FrameKind Kind, int Call, byte[] Content)
{
    public const int LengthBytes = 4;
    public const int HeadBytes = LengthBytes + 1 + 4;
}

/// <summary>The kinds of frames. The first three come from whoever calls, the others from whoever is called.</summary>
internal enum FrameKind : byte
{
    /// <summary>A method (1 byte) and its arguments.</summary>
    Call = 1,

    /// <summary>Nobody waits for the answer any more.</summary>
    Cancel,

    /// <summary>So many bytes of items were taken (4 bytes, little-endian).</summary>
    Credit,

    /// <summary>A part of the answer.</summary>
    Item,

    /// <summary>The end of the answer.</summary>
    Result,

    /// <summary>The end of the answer: it failed, as a <see cref="WireFailure"/> says.</summary>
    Failure,
}
