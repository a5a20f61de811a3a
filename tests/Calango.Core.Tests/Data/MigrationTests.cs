using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Calango.Core.Tests.Data;

public sealed class MigrationTests
{
    /// <summary>What the snapshot lacks, the next migration would bring along unasked. No server is needed to compare.</summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public void The_next_migration_starts_from_the_model_as_it_is(DatabaseKind kind)
    {
        var options = new DbContextOptionsBuilder<CalangoDb>();
        DataSetup.Configure(options, new DatabaseOptions { Postgres = kind == DatabaseKind.Postgres ? "Host=nowhere" : null });
        using var db = new CalangoDb(options.Options);

        var model = db.GetService<IDesignTimeModel>().Model;
        var snapshot = db.GetService<IMigrationsAssembly>().ModelSnapshot!.Model;

        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Equal(ColumnsOf(model), ColumnsOf(snapshot));
    }

    private static IEnumerable<string> ColumnsOf(IModel model) =>
        from entity in model.GetEntityTypes()
        from property in entity.GetFlattenedProperties()
        let line = $"{entity.Name}.{property.Name} {property.GetColumnType()} {(property.IsNullable ? "null" : "not null")}"
        orderby line
        select line;
}
