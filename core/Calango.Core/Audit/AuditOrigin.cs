namespace Calango.Core.Audit;

/// <summary>Where an act comes from.</summary>
/// <param name="AccountId">Who; null: nobody who has signed in.</param>
/// <param name="Address">From which address.</param>
/// <param name="RequestId">As the log names the request.</param>
public sealed record AuditOrigin(Guid? AccountId, string Address, string RequestId);
