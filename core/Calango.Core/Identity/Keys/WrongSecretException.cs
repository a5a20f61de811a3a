namespace Calango.Core.Identity;

/// <summary>The server's secret is not the one with which this database's keys were sealed.</summary>
public sealed class WrongSecretException(Exception inner) : Exception("The keys in the database were sealed with another secret.", inner);
