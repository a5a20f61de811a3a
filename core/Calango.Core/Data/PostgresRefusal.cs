using Npgsql;

namespace Calango.Core.Data;

/// <summary>Says what to do where PostgreSQL answers and will not have us: waiting would not help.</summary>
internal static class PostgresRefusal
{
    // The class of all error codes about who connects.
    private const string InvalidAuthorization = "28";

    private const string Setting = "database.postgres (CALANGO_POSTGRES)";

    /// <summary>The one line for the operator; null: it is something else.</summary>
    public static DatabaseRefusedException? Of(Exception exception, DatabaseOptions options)
    {
        if (DatabaseFailure.Root(exception) is not PostgresException refused)
        {
            return null;
        }

        var named = new NpgsqlConnectionStringBuilder(options.Postgres);
        var (user, database) = (named.Username ?? Environment.UserName, named.Database ?? named.Username);
        return refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword => new($"PostgreSQL refuses the user '{user}' with the password in {Setting}. Enter the right ones, or set the password there: ALTER ROLE \"{user}\" PASSWORD '…'."),
            PostgresErrorCodes.InvalidAuthorizationSpecification when refused.MessageText.Contains("does not exist", StringComparison.Ordinal) => new(
                $"PostgreSQL has no user '{user}', whom {Setting} names. Make it, CREATE ROLE \"{user}\" LOGIN PASSWORD '…', or name another."),
            PostgresErrorCodes.InvalidCatalogName => Missing(database, user),
            // EF was about to make it.
            PostgresErrorCodes.InsufficientPrivilege when refused.MessageText.Contains("create database", StringComparison.Ordinal) => Missing(database, user),
            PostgresErrorCodes.InsufficientPrivilege => new($"PostgreSQL does not allow the user '{user}' of {Setting} what Calango needs: {refused.MessageText}. Make it the owner: ALTER DATABASE \"{database}\" OWNER TO \"{user}\"."),
            var state when state.StartsWith(InvalidAuthorization, StringComparison.Ordinal) => new($"PostgreSQL does not let the user '{user}' of {Setting} in: {refused.MessageText}. Its pg_hba.conf says who may come from where."),
            _ => null,
        };
    }

    private static DatabaseRefusedException Missing(string? database, string user) => new(
        $"PostgreSQL has no database '{database}', which {Setting} names, and the user '{user}' may not make one. Make it, CREATE DATABASE \"{database}\" OWNER \"{user}\" ENCODING 'UTF8' TEMPLATE template0, or name another.");
}
