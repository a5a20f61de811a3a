using System.Globalization;

namespace Calango.Core.Chat;

/// <summary>A place in the list of chats.</summary>
/// <param name="At">The time by which the list is ordered, of the last line seen.</param>
/// <param name="Id">Of the last line seen.</param>
public sealed record ConversationCursor(DateTimeOffset At, Guid Id)
{
    /// <summary>The form for addresses.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id:N}");

    /// <summary>Reads the form that <see cref="ToString"/> writes; null if it isn't that.</summary>
    public static ConversationCursor? Parse(string? text) =>
        text?.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new ConversationCursor(new DateTimeOffset(at, TimeSpan.Zero), guid)
            : null;
}
