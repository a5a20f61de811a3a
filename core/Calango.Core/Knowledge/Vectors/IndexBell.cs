using Calango.Core.Jobs;

namespace Calango.Core.Knowledge;

/// <summary>Rung when the indexes have something to be told.</summary>
internal sealed class IndexBell : Bell;
