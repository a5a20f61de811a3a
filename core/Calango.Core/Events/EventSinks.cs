using System.Collections.Concurrent;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Events;

/// <summary>Where events can go: the sinks that plugins bring, and what an administrator has said of each. Thread-safe.</summary>
public sealed class EventSinks(Database database, PluginHost plugins, IDataProtectionProvider protection, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestTest = TimeSpan.FromSeconds(15);

    private readonly SettingSecrets _secrets = new(protection, "Calango.Plugins");
    private readonly ConcurrentDictionary<string, Failure> _troubles = new();
    private readonly SemaphoreSlim _reading = new(1);
    private volatile IReadOnlyDictionary<string, PluginSettings> _known = new Dictionary<string, PluginSettings>();

    /// <summary>The sinks that are installed.</summary>
    public IReadOnlyList<SinkInfo> Installed => plugins.Sinks;

    /// <summary>Raised after settings were changed here.</summary>
    internal event Action? Changed;

    /// <summary>A sink that is installed.</summary>
    /// <exception cref="NotFoundException">There is none of this plugin.</exception>
    public SinkInfo Find(string pluginId) => Installed.FirstOrDefault(sink => sink.PluginId == pluginId) ?? throw new NotFoundException();

    /// <summary>What was said of a sink; null: nothing yet, so it is off.</summary>
    public async Task<PluginSettings?> SettingsOfAsync(string pluginId, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return SettingsOf(pluginId);
    }

    /// <summary>Why this server could not deliver to a sink last; null: it could.</summary>
    public Failure? TroubleOf(string pluginId) => _troubles.GetValueOrDefault(pluginId);

    /// <summary>Changes what is said of a sink.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is none of this plugin.</exception>
    public async Task SaveAsync(string pluginId, SinkInput input, CancellationToken cancellationToken)
    {
        var sink = Find(pluginId);
        await database.WriteAsync(async db =>
        {
            var stored = await db.Set<PluginSettings>().SingleOrDefaultAsync(row => row.PluginId == pluginId, cancellationToken);
            var accepted = Check(sink, input, stored);
            var settings = stored ?? db.Add(new PluginSettings { PluginId = pluginId }).Entity;
            (settings.IsOn, settings.SeesText, settings.Settings) = (input.IsOn, input.SeesText, accepted.Settings);
            settings.ProtectedSecrets = _secrets.Protect(pluginId, accepted, stored?.Stored ?? StoredSettings.None);
            await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);
        await RefreshAsync(cancellationToken);
        _troubles.TryRemove(pluginId, out _);
        Changed?.Invoke();
    }

    /// <summary>Sends one harmless event with what was entered, and stores nothing. Returns what exactly is wrong; null: it has arrived.</summary>
    /// <exception cref="InvalidInputException">A value was refused; nothing was sent.</exception>
    /// <exception cref="NotFoundException">There is none of this plugin.</exception>
    public async Task<Failure?> TestAsync(string pluginId, SinkInput input, CancellationToken cancellationToken)
    {
        var sink = Find(pluginId);
        var stored = await SettingsOfAsync(pluginId, cancellationToken);
        var accepted = Check(sink, input, stored);
        using var limit = new CancellationTokenSource(LongestTest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var tried = new StoredSettings(accepted.Settings, _secrets.Protect(pluginId, accepted, stored?.Stored ?? StoredSettings.None));
            var token = either.Token;
            await Task.Run(() => SendAsync(pluginId, [Trial()], tried, token), token).WaitAsync(token);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return SinkFailures.Of(exception, HostOf(sink, accepted.Settings));
        }
    }

    /// <summary>What was said of a sink, as this process knows it: another replica may have changed it some seconds ago.</summary>
    internal PluginSettings? SettingsOf(string pluginId) => _known.GetValueOrDefault(pluginId);

    /// <summary>Reads anew what was said.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // One after another: what was read first must not replace what was read last.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            _known = await database.ReadAsync(db => db.Set<PluginSettings>().ToDictionaryAsync(row => row.PluginId, cancellationToken), cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Hands events to a sink with the settings that it has now; without their text, unless it may see it now. False: it is off by now.</summary>
    internal async Task<bool> SendAsync(string pluginId, IReadOnlyList<ModelEvent> events, CancellationToken cancellationToken)
    {
        if (SettingsOf(pluginId) is not { IsOn: true } settings)
        {
            return false;
        }

        await SendAsync(pluginId, settings.SeesText ? events : [.. events.Select(one => one with { Text = null })], settings.Stored, cancellationToken);
        return true;
    }

    /// <summary>Remembers how a delivery went, without what the service said: it may quote an event.</summary>
    internal void Report(string pluginId, Exception? exception)
    {
        if (exception is null)
        {
            _troubles.TryRemove(pluginId, out _);
        }
        else if (Installed.FirstOrDefault(sink => sink.PluginId == pluginId) is { } sink)
        {
            var failure = SinkFailures.Of(exception, HostOf(sink, SettingsOf(pluginId)?.Settings ?? StoredSettings.None.Settings));
            _troubles[pluginId] = failure with { Arguments = failure.Arguments.Where(argument => argument.Key != "serviceMessage").ToDictionary() };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private static CheckedSettings Check(SinkInfo sink, SinkInput input, PluginSettings? stored)
    {
        var errors = new Dictionary<string, string>();
        var accepted = SettingsCheck.Check(sink.Settings, input.Values, stored?.Stored, errors);
        return errors.Count > 0 ? throw new InvalidInputException(errors) : accepted;
    }

    // The lease lasts as long as the call, however long ago whoever waited for it has given up.
    private async Task SendAsync(string pluginId, IReadOnlyList<ModelEvent> events, StoredSettings settings, CancellationToken cancellationToken)
    {
        using var plugin = plugins.LeaseSink(pluginId);
        var sink = plugin?.Generation.EventSink ?? throw PluginFault.NotServing(pluginId);
        await sink.SendAsync(events, _secrets.Reveal(pluginId, settings), cancellationToken);
    }

    private ModelEvent Trial()
    {
        var (id, now) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow());
        return new ModelEvent
        {
            Id = id,
            Task = ModelTask.Test,
            TurnId = id,
            ConversationId = Guid.Empty,
            AccountId = Guid.Empty,
            Outcome = ModelOutcome.Complete,
            StartedAt = now,
            EndedAt = now,
        };
    }

    private static string HostOf(SinkInfo sink, IReadOnlyDictionary<string, string> settings) =>
        sink.Settings.FirstOrDefault(field => field.Kind == SettingKind.Address) is { } field
        && Uri.TryCreate(settings.GetValueOrDefault(field.Name) ?? field.Default, UriKind.Absolute, out var address)
            ? address.Authority
            : sink.Name;
}
