namespace Calango.Core.Knowledge;

/// <summary>Looks at sources of one kind. Called concurrently.</summary>
internal interface ISourceReader
{
    /// <summary>Takes in what is new or has changed, and removes what is gone.</summary>
    /// <returns>How many pages or files it has.</returns>
    /// <exception cref="SourceException">It could not be had, or not all of it.</exception>
    /// <exception cref="ClaimLostException">Somebody has removed it, or another process has it now.</exception>
    Task<int> ReadAsync(SourceClaim claim, CancellationToken cancellationToken);
}
