using System.Reflection;

namespace Calango.Core.Plugins;

/// <summary>The process's lists of timers that run.</summary>
internal static class TimerLists
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly Type? Queue = typeof(Timer).Assembly.GetType("System.Threading.TimerQueue");
    private static readonly Type? Entry = typeof(Timer).Assembly.GetType("System.Threading.TimerQueueTimer");
    private static readonly PropertyInfo? Queues = Queue?.GetProperty("Instances", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
    private static readonly FieldInfo?[] Firsts = [Queue?.GetField("_shortTimers", Own), Queue?.GetField("_longTimers", Own)];
    private static readonly FieldInfo? Next = Entry?.GetField("_next", Own);
    private static readonly FieldInfo? Callback = Entry?.GetField("_timerCallback", Own);
    private static readonly FieldInfo? State = Entry?.GetField("_state", Own);
    private static readonly MethodInfo? Stopping = Entry?.GetMethod("Dispose", Own, []);
    private static readonly PropertyInfo? Guard = Queue?.GetProperty("SharedLock", Own);

    /// <summary>Whether all that is needed was found in this version of the framework.</summary>
    public static bool AreKnown => Queues is not null && Array.TrueForAll(Firsts, first => first is not null) && Next is not null && Callback is not null
        && State is not null && Stopping is not null && Guard?.PropertyType == typeof(Lock);

    /// <summary>Ends the timers that would call code that is about to be unloaded.</summary>
    public static void Stop(DyingCode dying)
    {
        if (!AreKnown)
        {
            return;
        }

        foreach (var timer in All().Where(timer => dying.Has(Callback!.GetValue(timer) as Delegate) || dying.Has(State!.GetValue(timer))).ToList())
        {
            Stopping!.Invoke(timer, null);
        }
    }

    private static List<object> All()
    {
        var timers = new List<object>();
        foreach (var queue in (System.Collections.IEnumerable)Queues!.GetValue(null)!)
        {
            // As the framework itself does: the lists change while timers fire.
            lock ((Lock)Guard!.GetValue(queue)!)
            {
                foreach (var first in Firsts)
                {
                    for (var timer = first!.GetValue(queue); timer is not null; timer = Next!.GetValue(timer))
                    {
                        timers.Add(timer);
                    }
                }
            }
        }

        return timers;
    }
}
