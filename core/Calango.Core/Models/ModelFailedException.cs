namespace Calango.Core.Models;

/// <summary>A model could not answer a program, or not to the end.</summary>
public sealed class ModelFailedException(Failure failure) : Exception(failure.Code)
{
    /// <summary>Why.</summary>
    public Failure Failure { get; } = failure;
}
