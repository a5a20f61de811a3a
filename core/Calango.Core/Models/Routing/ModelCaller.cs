namespace Calango.Core.Models;

/// <summary>Who calls a model.</summary>
/// <param name="AccountId">For whom: the places of a connection are shared out fairly among people.</param>
/// <param name="Priority">How urgent it is.</param>
/// <param name="Queued">Told the place in the line, from 1, whenever it changes; must return at once.</param>
/// <param name="TurnId">The turn that is to be answered; null: it is for something else.</param>
public sealed record ModelCaller(Guid AccountId, CallPriority Priority, Action<int>? Queued = null, Guid? TurnId = null);

/// <summary>How urgent a call of a model is, the most urgent first.</summary>
public enum CallPriority
{
    /// <summary>Somebody waits for the answer.</summary>
    Interactive,

    /// <summary>Nobody does: a title.</summary>
    Background,
}
