using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>
/// Takes a plugin's code off the process's own lists before it is unloaded: what a plugin puts there it seldom takes away,
/// and one delegate keeps all of its code in memory. Some of the lists can only be reached by fields of the framework that
/// are its own affair: where one is not found, that list is left alone, and a test says so before anybody else does.
/// </summary>
internal static class Sweep
{
    /// <summary>What is remembered of each method that was made a tool.</summary>
    internal static readonly FieldInfo? FunctionCache = typeof(AIFunctionFactory).GetNestedType("ReflectionAIFunctionDescriptor", BindingFlags.NonPublic)
        ?.GetField("_descriptorCache", BindingFlags.Static | BindingFlags.NonPublic);

    private static readonly Type[] EventOwners = [typeof(AppContext), typeof(AssemblyLoadContext), typeof(TaskScheduler)];

    /// <summary>All of it. Nothing that goes wrong here may keep a plugin from being stopped.</summary>
    public static void Run(AssemblyLoadContext context)
    {
        var dying = new DyingCode(context);
        Try(() => Meters(dying));
        Try(() => ProcessEvents(dying));
        Try(() => TimerLists.Stop(dying));
        Try(FrameworkCaches.Clear);
        Try(() => FunctionCache?.FieldType.GetMethod("Clear", [])?.Invoke(FunctionCache.GetValue(null), null));
    }

    // Instruments that are asked for their value: their meter is on a list of all meters.
    private static void Meters(DyingCode dying)
    {
        var meters = new HashSet<Meter>();
        using (var listener = new MeterListener { InstrumentPublished = (instrument, _) => Note(instrument, dying, meters) })
        {
            listener.Start();
        }

        foreach (var meter in meters)
        {
            meter.Dispose();
        }
    }

    private static void Note(Instrument instrument, DyingCode dying, HashSet<Meter> meters)
    {
        if (dying.Has(instrument.Meter) || CallbacksOf(instrument).Any(dying.Has))
        {
            meters.Add(instrument.Meter);
        }
    }

    /// <summary>The delegates that an instrument asks for its value.</summary>
    internal static IEnumerable<Delegate> CallbacksOf(Instrument instrument)
    {
        for (var type = instrument.GetType(); type is not null && type != typeof(Instrument); type = type.BaseType)
        {
            // Declared as an object: it is one of several kinds of delegate.
            foreach (var callback in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Select(field => field.GetValue(instrument)).OfType<Delegate>())
            {
                yield return callback;
            }
        }
    }

    // ProcessExit, UnhandledException, AssemblyResolve and their like, whoever raises them.
    private static void ProcessEvents(DyingCode dying)
    {
        foreach (var (field, owner) in EventFields())
        {
            var handlers = ((Delegate?)field.GetValue(owner))?.GetInvocationList() ?? [];
            if (Array.Exists(handlers, dying.Has))
            {
                field.SetValue(owner, Delegate.Combine([.. handlers.Where(handler => !dying.Has(handler))]));
            }
        }
    }

    /// <summary>Where the process keeps who listens to its events.</summary>
    internal static IEnumerable<(FieldInfo Field, object? Owner)> EventFields() =>
        EventOwners.SelectMany(owner => owner.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => (field, (object?)null)))
            .Concat(typeof(AppDomain).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Select(field => (field, (object?)AppDomain.CurrentDomain)))
            .Where(found => found.field.FieldType.IsAssignableTo(typeof(Delegate)) && !found.field.IsInitOnly);

    private static void Try(Action part)
    {
        try
        {
            part();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The framework has changed: the code of this plugin may stay, and is shown as what it is.
        }
    }
}
