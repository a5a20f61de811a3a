using Calango.Core.Jobs;

namespace Calango.Core.Memory;

/// <summary>Rung when there may be messages to be placed.</summary>
internal sealed class MemoryBell : Bell;
