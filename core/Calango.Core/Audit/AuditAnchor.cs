using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Audit;

/// <summary>
/// Keeps the place and the hash of the newest entries of the log outside the database: who can cut rows off its end cannot cut here.
/// Each replica keeps its own, in its data folder. Thread-safe.
/// </summary>
internal sealed class AuditAnchor
{
    private readonly string _file;
    private readonly ILogger<AuditLog> _logger;
    private readonly Lock _lock = new();
    private long _sequence;

    public AuditAnchor(string dataFolder, ILogger<AuditLog> logger)
    {
        _logger = logger;
        _file = Path.Combine(dataFolder, "audit-anchor");
        _sequence = Read().Keys.DefaultIfEmpty(0).Max();
    }

    /// <summary>What was kept, by place.</summary>
    public IReadOnlyDictionary<long, byte[]> Read()
    {
        lock (_lock)
        {
            return File.Exists(_file) && File.ReadAllText(_file).Split(' ') is [var sequence, var hash]
                ? new Dictionary<long, byte[]> { [long.Parse(sequence, CultureInfo.InvariantCulture)] = Convert.FromHexString(hash.Trim()) }
                : new Dictionary<long, byte[]>();
        }
    }

    /// <summary>Keeps a newer one; an older one is nothing new. One that cannot be kept stops no act: the next one makes up for it.</summary>
    public void Move(AuditEntry entry)
    {
        lock (_lock)
        {
            if (entry.Sequence <= _sequence)
            {
                return;
            }

            try
            {
                Write(string.Create(CultureInfo.InvariantCulture, $"{entry.Sequence} {Convert.ToHexString(entry.Hash)}\n"));
                _sequence = entry.Sequence;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _logger.LogError(failure, "The newest entry of the log of acts cannot be kept outside of the database");
            }
        }
    }

    // Whole or not at all: half a line would look like a forgery.
    private void Write(string line)
    {
        var fresh = $"{_file}.new";
        File.WriteAllText(fresh, line);
        File.Move(fresh, _file, overwrite: true);
    }
}
