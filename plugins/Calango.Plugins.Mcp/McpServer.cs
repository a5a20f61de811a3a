using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>One server: connects it when it is needed first, when its settings have changed, and when its connection has ended. Thread-safe.</summary>
internal sealed class McpServer(IPluginHttp http, IChildProcesses processes, TimeProvider clock, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _lock = new();
    private McpConnection? _current;
    private int _users;
    private long _leftAt = clock.GetTimestamp();
    private volatile bool _isClosed;

    /// <summary>Begins a use of it; false: it is being closed.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _users += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>Ends a use of it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _users--;
            _leftAt = clock.GetTimestamp();
        }
    }

    /// <summary>Takes it out of use where nobody has used it for so long.</summary>
    public bool TryRetire(TimeSpan idle)
    {
        lock (_lock)
        {
            return !_isClosed && _users == 0 && clock.GetElapsedTime(_leftAt) > idle && (_isClosed = true);
        }
    }

    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    public async Task<T> RunAsync<T>(ToolServerSettings settings, Func<McpConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        McpConnection? connection = null;
        try
        {
            connection = await OpenAsync(settings, cancellationToken).ConfigureAwait(false);
            return await use(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = Failures.From(exception, connection?.LastErrors);
            if (Failures.EndsConnection(failure) && connection is not null)
            {
                await LeaveAsync(connection).ConfigureAwait(false);
            }

            throw failure;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        if (Interlocked.Exchange(ref _current, null) is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<McpConnection> OpenAsync(ToolServerSettings settings, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is { } current)
            {
                if (current.Version == settings.Version && !current.IsOver)
                {
                    return current;
                }

                await LeaveAsync(current).ConfigureAwait(false);
            }

            ObjectDisposedException.ThrowIf(_isClosed, this);
            // Not in the time of the one who needs it first: others wait for the same.
            using var time = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            time.CancelAfter(LongestStart);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
            var opened = _current = await McpConnection.OpenAsync(settings, http, processes, either.Token).ConfigureAwait(false);
            if (_isClosed)
            {
                // While it was being opened: whoever closed this has not seen it.
                await LeaveAsync(opened).ConfigureAwait(false);
                throw new ObjectDisposedException(nameof(McpServer));
            }

            return opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task LeaveAsync(McpConnection connection)
    {
        Interlocked.CompareExchange(ref _current, null, connection);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
