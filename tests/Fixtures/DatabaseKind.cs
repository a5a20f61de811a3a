namespace Calango.Tests.Fixtures;

/// <summary>The databases that Calango runs on.</summary>
public enum DatabaseKind
{
    /// <summary>One file, as on a laptop.</summary>
    Sqlite,

    /// <summary>A throw-away cluster of this test run.</summary>
    Postgres,
}
