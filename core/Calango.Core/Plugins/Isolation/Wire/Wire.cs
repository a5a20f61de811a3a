using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Calango.Core.Plugins;

/// <summary>
/// Calls in both directions over one stream of bytes, many at once. An answer is any number of items and then a result or a
/// failure. Items come no faster than they are taken: for each call only a window of bytes is on its way. Thread-safe.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    /// <summary>How many bytes of items one call may have on its way, besides the item that passes this.</summary>
    public const int Window = 256 * 1024;

    /// <summary>The largest item.</summary>
    public const int MostItemBytes = 1024 * 1024;

    private readonly Stream _stream;
    private readonly IWireServer _server;
    private readonly WireLimits _limits;
    private readonly FrameWriter _writer;
    private readonly ConcurrentDictionary<int, AskedCall> _asked = new();
    private readonly ConcurrentDictionary<int, ServedCall> _served = new();
    private int _lastNumber;
    private long _servedBytes;
    private volatile bool _hasEnded;

    /// <param name="stream">Belongs to it from now on.</param>
    /// <param name="server">Answers what the other side asks.</param>
    /// <param name="limits">What is taken of the other side.</param>
    public Wire(Stream stream, IWireServer server, WireLimits limits)
    {
        (_stream, _server, _limits, _writer) = (stream, server, limits, new FrameWriter(stream));
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends when the other side is gone, or did not keep to the form. Never faults.</summary>
    public Task Ended { get; }

    /// <summary>Whether the other side is gone, so that every call fails from now on.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The calls that somebody waits for.</summary>
    public int Awaited => _asked.Values.Count(call => call.LeftAt is null);

    /// <summary>For how long the oldest call goes on that nobody waits for any more; null: none does.</summary>
    public TimeSpan? OldestLeft => _asked.Values.Min(call => call.LeftAt) is { } at ? TimeSpan.FromMilliseconds(Environment.TickCount64 - at) : null;

    /// <summary>Asks, and waits for the result.</summary>
    /// <exception cref="WireEndedException">The other side is gone.</exception>
    /// <exception cref="Exception">What the other side failed with, as <see cref="WireFailure"/> carries it.</exception>
    public async Task<byte[]> CallAsync(WireMethod method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        var call = await AskAsync(method, arguments, cancellationToken).ConfigureAwait(false);
        try
        {
            return await call.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(call);
        }
    }

    /// <summary>As <see cref="CallAsync"/>, but one that is given up is waited for, too: what came of it counts. The other side is told, and may not go on for long.</summary>
    public async Task<byte[]> CallToEndAsync(WireMethod method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        var call = await AskAsync(method, arguments, cancellationToken).ConfigureAwait(false);
        await using var leaving = cancellationToken.UnsafeRegister(_ => Leave(call), null).ConfigureAwait(false);
        return await call.Result.ConfigureAwait(false);
    }

    /// <summary>Asks, and takes the items as they come. As <see cref="CallAsync"/>.</summary>
    public async IAsyncEnumerable<byte[]> StreamAsync(WireMethod method, ReadOnlyMemory<byte> arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = await AskAsync(method, arguments, cancellationToken).ConfigureAwait(false);
        try
        {
            var taken = 0;
            await foreach (var item in call.Items.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
                call.Taken(item.Length);
                taken += item.Length;
                if (taken > Window / 2)
                {
                    WriteNumber(FrameKind.Credit, call.Number, taken);
                    taken = 0;
                }
            }

            await call.Result.ConfigureAwait(false);
        }
        finally
        {
            Leave(call);
        }
    }

    /// <summary>Tells the other side something, and doesn't wait for an answer.</summary>
    public void Tell(WireMethod method, ReadOnlySpan<byte> arguments) => _writer.Write(FrameKind.Call, 0, [(byte)method, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        _writer.End();
        await _stream.DisposeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    private async Task<AskedCall> AskAsync(WireMethod method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        var call = new AskedCall(Interlocked.Increment(ref _lastNumber));
        _asked[call.Number] = call;
        if (_hasEnded)
        {
            Forget(call)?.Fail(new WireEndedException());
        }

        try
        {
            await _writer.WriteAsync(FrameKind.Call, call.Number, [(byte)method, .. arguments.Span], cancellationToken).ConfigureAwait(false);
            return call;
        }
        catch
        {
            Forget(call);
            throw;
        }
    }

    private AskedCall? Forget(AskedCall call) => _asked.TryRemove(call.Number, out _) ? call : null;

    private void Leave(AskedCall call)
    {
        if (!call.Result.IsCompleted)
        {
            call.Leave();
            _writer.Write(FrameKind.Cancel, call.Number);
        }
    }

    private void WriteNumber(FrameKind kind, int call, int number)
    {
        Span<byte> content = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(content, number);
        _writer.Write(kind, call, content);
    }

    private async Task RunAsync()
    {
        var writing = _writer.RunAsync();
        // Either one that fails takes the other along.
        _ = writing.ContinueWith(_ => _stream.Dispose(), TaskScheduler.Default);
        await FrameReader.RunAsync(_stream, _limits.FrameBytes, Take).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _writer.End();
        _hasEnded = true;
        foreach (var call in _asked.Values)
        {
            Forget(call)?.Fail(new WireEndedException());
        }

        foreach (var call in _served.Values)
        {
            call.Cancel();
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Call when frame.Content.Length > 0:
                Serve(frame);
                break;
            case FrameKind.Cancel:
                _served.GetValueOrDefault(frame.Call)?.Cancel();
                break;
            case FrameKind.Credit when frame.Content.Length == 4:
                _served.GetValueOrDefault(frame.Call)?.AddCredit(BinaryPrimitives.ReadInt32LittleEndian(frame.Content));
                break;
            case FrameKind.Item:
                _asked.GetValueOrDefault(frame.Call)?.Take(frame.Content);
                break;
            case FrameKind.Result when _asked.TryRemove(frame.Call, out var call):
                call.End(frame.Content);
                break;
            case FrameKind.Result:
                break;
            case FrameKind.Failure:
                Fail(frame.Call, WireFailure.Read(frame.Content));
                break;
            default:
                throw new InvalidDataException("A frame of an unknown kind.");
        }
    }

    private void Fail(int number, Exception failure)
    {
        if (_asked.TryRemove(number, out var call))
        {
            call.Fail(failure);
        }
    }

    private void Serve(Frame frame)
    {
        var call = new ServedCall(_writer, frame.Call, frame.Content);
        var isTold = frame.Call == 0;
        if (!isTold && (_served.Count >= _limits.Calls || Interlocked.Read(ref _servedBytes) + call.Size > _limits.CallBytes || !_served.TryAdd(frame.Call, call)))
        {
            _writer.Write(FrameKind.Failure, frame.Call, WireFailure.Of(new InvalidDataException()));
            return;
        }

        Interlocked.Add(ref _servedBytes, call.Size);
        _ = isTold ? TellAsync(call) : Task.Run(() => ServeAsync(frame.Call, call));
    }

    private async Task ServeAsync(int number, ServedCall call)
    {
        FrameKind kind;
        byte[] answer;
        try
        {
            (kind, answer) = (FrameKind.Result, await _server.ServeAsync(call).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            (kind, answer) = (FrameKind.Failure, WireFailure.Of(exception));
        }

        _served.TryRemove(number, out _);
        Interlocked.Add(ref _servedBytes, -call.Size);
        call.Dispose();
        await _writer.WriteAsync(kind, number, answer).ConfigureAwait(false);
    }

    // In order, and at once: it is only taken note of.
    private async Task TellAsync(ServedCall call)
    {
        await _server.ServeAsync(call).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        Interlocked.Add(ref _servedBytes, -call.Size);
        call.Dispose();
    }
}

/// <summary>What is taken of the other side.</summary>
/// <param name="FrameBytes">The largest frame.</param>
/// <param name="Calls">How many of its calls are answered at once.</param>
/// <param name="CallBytes">How many bytes their arguments have together.</param>
internal sealed record WireLimits(int FrameBytes, int Calls, long CallBytes);

/// <summary>The other side of a <see cref="Wire"/> is gone.</summary>
internal sealed class WireEndedException : IOException;
