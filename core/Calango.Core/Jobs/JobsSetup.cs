using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Jobs;

/// <summary>Wires what the server does by itself.</summary>
internal static class JobsSetup
{
    /// <summary>Adds the schedule and what runs it.</summary>
    public static IServiceCollection AddCalangoJobs(this IServiceCollection services) => services
        .AddSingleton<JobTelemetry>()
        .AddSingleton<JobRuns>()
        .AddSingleton<CleanUpRunner>()
        .AddSingleton<Schedule>()
        .AddSingleton(provider => new JobList(
            provider.GetRequiredService<JobRuns>(), provider.GetRequiredService<Schedule>(), provider.GetServices<CleanUp>(), provider.GetServices<Routine>()))
        .AddHostedService<JobScheduler>();

    /// <summary>Has a clean-up run once a day, once among all replicas.</summary>
    public static IServiceCollection AddCleanUp<TCleanUp>(this IServiceCollection services, string name, TimeOnly at)
        where TCleanUp : class, ICleanUp => services
        .AddSingleton<TCleanUp>()
        .AddSingleton(provider => new CleanUp(name, at, provider.GetRequiredService<TCleanUp>()));
}
