using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Calango.Core.Tests.Data;

public sealed class DatabaseFailureTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_taken_unique_value_is_told_from_other_failures(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        var id = Guid.CreateVersion7();
        await AddAccountAsync(services, id);

        var duplicate = await Assert.ThrowsAnyAsync<Exception>(() => AddAccountAsync(services, id));
        var missing = await Assert.ThrowsAnyAsync<Exception>(() => services.GetRequiredService<Database>().ReadAsync(
            db => db.Database.SqlQuery<int>($"SELECT 1 FROM no_such_table").ToListAsync(CancellationToken), CancellationToken));

        Assert.True(DatabaseFailure.IsDuplicate(duplicate));
        Assert.False(DatabaseFailure.IsDuplicate(missing));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unavailable()
    {
        var nobody = new DatabaseOptions { Postgres = "Host=127.0.0.1;Port=1;Username=calango;Database=calango" };
        await using var services = new ServiceCollection().AddCalangoData(nobody).BuildServiceProvider();
        var database = services.GetRequiredService<Database>();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ReadAsync(db => db.Set<Account>().CountAsync(CancellationToken), CancellationToken));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.WriteAsync(db => db.Set<Account>().CountAsync(CancellationToken), CancellationToken));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken));
    }

    [Fact]
    public async Task A_file_that_another_process_holds_too_long_is_unavailable()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        await using var other = new SqliteConnection($"Data Source={database.Options.SqlitePath};Pooling=False");
        await other.OpenAsync(CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(CancellationToken);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => AddAccountAsync(services, Guid.CreateVersion7()));
        await transaction.RollbackAsync(CancellationToken);

        await AddAccountAsync(services, Guid.CreateVersion7());
    }

    /// <summary>Seen from Npgsql where a connection broke between two commands; what is not unavailable would not be tried again.</summary>
    [Fact]
    public void A_connection_that_broke_between_two_commands_is_unavailable() =>
        Assert.IsType<DatabaseUnavailableException>(DatabaseFailure.Translate(new DbUpdateException("", new ObjectDisposedException("ManualResetEventSlim"))));

    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, typeof(StorageFullException))]
    [InlineData(PostgresErrorCodes.TooManyConnections, typeof(DatabaseUnavailableException))]
    [InlineData(PostgresErrorCodes.AdminShutdown, typeof(DatabaseUnavailableException))]
    [InlineData(PostgresErrorCodes.ConnectionFailure, typeof(DatabaseUnavailableException))]
    [InlineData(PostgresErrorCodes.UniqueViolation, null)]
    [InlineData(PostgresErrorCodes.SyntaxError, null)]
    public void What_PostgreSQL_reports_has_a_type(string state, Type? expected)
    {
        var reported = new PostgresException("", "ERROR", "ERROR", state);

        Assert.Equal(expected, DatabaseFailure.Translate(reported)?.GetType());
        Assert.Equal(expected, DatabaseFailure.Translate(new DbUpdateException("", reported))?.GetType());
    }

    [Theory]
    [InlineData(5, 5, typeof(DatabaseUnavailableException))]
    [InlineData(10, 10, typeof(DatabaseUnavailableException))]
    [InlineData(10, 4874, typeof(StorageFullException))]
    [InlineData(13, 13, typeof(StorageFullException))]
    [InlineData(19, 2067, null)]
    public void What_SQLite_reports_has_a_type(int code, int extended, Type? expected) =>
        Assert.Equal(expected, DatabaseFailure.Translate(new SqliteException("", code, extended))?.GetType());

    private static Task AddAccountAsync(ServiceProvider services, Guid id) => services.GetRequiredService<Database>().WriteAsync(
        async db =>
        {
            db.Add(new Account { Id = id });
            await db.SaveChangesAsync(CancellationToken);
        }, CancellationToken);
}
