namespace Calango.Core.Errors;

/// <summary>What was asked for is not there, or not this person's: the two look the same.</summary>
public sealed class NotFoundException() : Exception("Not found.");
