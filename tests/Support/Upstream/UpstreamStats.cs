namespace Calango.Tests.Support.Upstream;

/// <summary>What a scripted upstream has done since its start.</summary>
/// <param name="Requests">Chat requests received.</param>
/// <param name="Active">Answers under way now.</param>
/// <param name="Peak">The most answers that were under way at once.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="Disconnected">Answers whose reader left early.</param>
public sealed record UpstreamStats(long Requests, long Active, long Peak, long Tokens, long Disconnected);
