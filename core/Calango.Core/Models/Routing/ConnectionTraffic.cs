namespace Calango.Core.Models;

/// <summary>What goes on at a connection at one moment.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Limit">How many calls it takes at once; null: any number.</param>
/// <param name="Calls">How many calls are going on.</param>
/// <param name="Waiting">How many wait in line for a place.</param>
/// <param name="RestsUntil">Its service failed too often lately: until when it isn't asked; a time that has passed: the next call tries it. Null: it is asked.</param>
public sealed record ConnectionTraffic(Guid ConnectionId, int? Limit, int Calls, int Waiting, DateTimeOffset? RestsUntil);
