using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Calango.Core.Data;

/// <summary>Wires the database.</summary>
public static class DataSetup
{
    /// <summary>Adds <see cref="Database"/> and what brings it up to date.</summary>
    public static IServiceCollection AddCalangoData(this IServiceCollection services, DatabaseOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging().AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<QueryTelemetry>();
        services.AddSingleton<SqliteReaders>();
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<Database>();
        services.AddSingleton<SqliteHold>();
        services.AddSingleton<DatabaseUpgrade>();
        services.AddPooledDbContextFactory<CalangoDb>((provider, builder) =>
        {
            Configure(builder, options);
            builder.AddInterceptors(provider.GetRequiredService<QueryTelemetry>());
        });
        return services;
    }

    /// <summary>Points a context at the database and at the assembly with its migrations.</summary>
    public static void Configure(DbContextOptionsBuilder builder, DatabaseOptions options)
    {
        builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        if (options.IsSqlite)
        {
            SqliteRuntime.Initialize();
            builder.UseSqlite(options.SqliteConnectionString, sqlite => sqlite.MigrationsAssembly("Calango.Migrations.Sqlite"));
        }
        else
        {
            builder.UseNpgsql(options.PostgresConnectionString, postgres => postgres
                .MigrationsAssembly("Calango.Migrations.Postgres")
                // Silence gives a command up long before.
                .CommandTimeout((int)TimeSpan.FromHours(1).TotalSeconds));
        }
    }
}
