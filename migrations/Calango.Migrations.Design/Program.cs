using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

Console.Error.WriteLine("This project is for the migration tool alone: ./calango migration <Name>");
return 1;

/// <summary>Gives the migration tool a context for the database that <c>CALANGO_MIGRATIONS</c> names; it never connects.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<CalangoDb>
{
    /// <inheritdoc/>
    public CalangoDb CreateDbContext(string[] args)
    {
        var postgres = Environment.GetEnvironmentVariable("CALANGO_MIGRATIONS") == "Postgres";
        var builder = new DbContextOptionsBuilder<CalangoDb>();
        DataSetup.Configure(builder, new DatabaseOptions { Postgres = postgres ? "Host=localhost;Database=design" : null });
        return new CalangoDb(builder.Options);
    }
}
