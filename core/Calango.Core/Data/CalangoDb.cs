using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Calango.Core.Data;

/// <summary>
/// The database. Each feature keeps its entities and their mapping in its own folder; they are found by scan, so this
/// layer knows none of them. Used through <see cref="Database"/> only.
/// </summary>
public sealed class CalangoDb(DbContextOptions<CalangoDb> options) : DbContext(options)
{
    /// <summary>Whether this is SQLite; else it is PostgreSQL.</summary>
    public bool IsSqlite => Database.ProviderName == SqliteProvider;

    private const string SqliteProvider = "Microsoft.EntityFrameworkCore.Sqlite";

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfigurationsFromAssembly(typeof(CalangoDb).Assembly);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        if (IsSqlite)
        {
            // SQLite has no type for it and EF cannot order by its text form.
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        }
    }

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
