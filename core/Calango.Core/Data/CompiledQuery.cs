using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Calango.Core.Data;

/// <summary>
/// A query that EF translates once, not with every call: for the few that each turn asks, where reading the expression
/// costs more than the database does. One for each model, because a process may know several databases. Thread-safe.
/// </summary>
internal sealed class CompiledQuery<TQuery>(Func<TQuery> compile)
    where TQuery : Delegate
{
    private readonly ConditionalWeakTable<IModel, TQuery> _byModel = [];

    /// <summary>The query as it runs on this database.</summary>
    public TQuery For(CalangoDb db) => _byModel.GetValue(db.Model, _ => compile());
}
