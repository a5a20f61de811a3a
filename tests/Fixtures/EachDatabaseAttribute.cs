using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Calango.Tests.Fixtures;

/// <summary>
/// Runs a test once per database; its only parameter is the <see cref="DatabaseKind"/>. Where PostgreSQL is not
/// installed its half is reported as skipped, with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TheoryDiscoverer))]
public sealed class EachDatabaseAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IDataAttribute
{
    bool? IDataAttribute.Explicit => null;
    string? IDataAttribute.Label => null;
    string? IDataAttribute.Skip => null;
    Type? IDataAttribute.SkipType => null;
    string? IDataAttribute.SkipUnless => null;
    string? IDataAttribute.SkipWhen => null;
    string? IDataAttribute.TestDisplayName => null;
    int? IDataAttribute.Timeout => null;
    string[]? IDataAttribute.Traits => null;

    ValueTask<IReadOnlyCollection<ITheoryDataRow>> IDataAttribute.GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
        [
            new TheoryDataRow<DatabaseKind>(DatabaseKind.Sqlite),
            new TheoryDataRow<DatabaseKind>(DatabaseKind.Postgres) { Skip = PostgresServer.WhyNot },
        ]);

    bool IDataAttribute.SupportsDiscoveryEnumeration() => true;
}
