namespace Calango.Sdk;

/// <summary>
/// Takes what models did in this server to somewhere else. The kernel keeps the events, hands them over in the
/// background, and hands them over again where that failed and may pass: a sink keeps none and does not try again. One
/// call with events at a time, besides it any number that only try settings out.
/// </summary>
public interface IEventSink
{
    /// <summary>The settings that it needs. See <see cref="SettingsSchema"/>. Whether it is on, and whether it may see text, the kernel asks for itself.</summary>
    IReadOnlyList<SettingField> Settings { get; }

    /// <summary>
    /// Delivers events and returns when they are there. May be given an event a second time, of which the first delivery
    /// had no answer: the same <see cref="ModelEvent.Id"/> must not count twice.
    /// </summary>
    /// <exception cref="ProviderException">
    /// With the kind that says what is wrong. <see cref="ProviderErrorKind.InvalidRequest"/> means that these events will
    /// never be taken: they are given up. After any other they come again, <see cref="ProviderException.RetryAfter"/> later
    /// where it says so.
    /// </exception>
    Task SendAsync(IReadOnlyList<ModelEvent> events, SettingsValues settings, CancellationToken cancellationToken);
}
