using System.Buffers;
using System.Diagnostics;
using System.Net;

using Chat.Load.Report;
using Chat.Load.Seed;
using Chat.Load.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.Scenarios;

/// <summary>
/// The connections of one run: signs them in, sorts what they receive to the groups, and repairs what the server says it skipped. A
/// scenario drives it.
/// </summary>
internal sealed class LoadScenario : IFrameSink, IDisposable
{
    private const uint HelloId = 1;
    private const uint ChatRequestId = 2;
    private const uint HistoryId = 3;
    private const int OpeningConcurrency = 64;
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(50);

    private readonly LoadConnection[] _connections;
    private readonly GroupLoad[] _groupOf;
    private readonly long[] _chatOf;
    private readonly TaskCompletionSource[] _ready;
    private readonly long[] _repairUpTo; // per connection: above 0 while history is read
    private readonly LoadAccount[] _accounts;
    private int _disconnected;
    private long _gaps;
    private long _malformed;
    private volatile bool _isOver;
    private string? _firstClose;

    public LoadScenario(LoadRun run, LoadAccount[] accounts, LoadGroup[] groups)
    {
        _accounts = accounts;
        _connections = [.. Enumerable.Range(0, accounts.Length).Select(i => new LoadConnection(i, this))];
        _ready = [.. _connections.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        _groupOf = new GroupLoad[accounts.Length];
        _chatOf = new long[accounts.Length];
        _repairUpTo = new long[accounts.Length];
        Groups = new GroupLoad[groups.Length];
        for (int g = 0; g < groups.Length; g++)
        {
            LoadConnection[] members = [.. groups[g].Members.Select(i => _connections[i])];
            Groups[g] = new GroupLoad(run, (uint)g, groups[g].ChatId, members);
            for (int m = 0; m < members.Length; m++)
            {
                members[m].Member = m;
                (_groupOf[members[m].Index], _chatOf[members[m].Index]) = (Groups[g], groups[g].ChatId);
            }
        }
    }

    public GroupLoad[] Groups { get; }

    public int Disconnected => Volatile.Read(ref _disconnected);

    public long Gaps => Interlocked.Read(ref _gaps);

    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Why the first connection ended that the server ended.</summary>
    public string? FirstClose => _firstClose;

    public Task OpenAsync(IPEndPoint server, CancellationToken ct) => Parallel.ForEachAsync(
        _connections,
        new ParallelOptions { MaxDegreeOfParallelism = OpeningConcurrency, CancellationToken = ct },
        async (connection, stop) =>
        {
            await connection.OpenAsync(server, stop);
            var hello = new HelloRequest(
                ProtocolLimits.ProtocolVersion, _accounts[connection.Index].Token, "bench-load/0.1.0", Array.Empty<WirePosition>());
            connection.Send(ClientFrames.Encode(in hello, HelloId));
            connection.Send(ClientFrames.Encode(new GetChatRequest(_chatOf[connection.Index]), ChatRequestId));
            await _ready[connection.Index].Task.WaitAsync(OpeningTimeout, TimeProvider.System, stop);
        });

    public void OnFrame(LoadConnection connection, FrameType type, uint requestId, ReadOnlySpan<byte> body, long now)
    {
        switch (type)
        {
            case FrameType.Event:
                TakeEvent(connection, body, now);
                break;
            case FrameType.Sent:
                TakeSent(connection, requestId, body, now);
                break;
            case FrameType.Chat:
                if (ChatReply.TryRead(Copy(body), out _, out ChatReply chat))
                    _groupOf[connection.Index].StartAt(connection, chat.Chat.HeadSequence);
                _ready[connection.Index].TrySetResult();
                break;
            case FrameType.Error:
                TakeError(connection, requestId, body);
                break;
            case FrameType.Gap:
                TakeGap(connection, body);
                break;
            case FrameType.History:
                TakeHistory(connection, body, now);
                break;
            default:
                break; // welcome and what is ephemeral
        }
    }

    public void OnClosed(LoadConnection connection, string why)
    {
        if (_isOver) return;

        Interlocked.Increment(ref _disconnected);
        Interlocked.CompareExchange(ref _firstClose, why, null);
        _ready[connection.Index].TrySetException(new IOException($"The server ended the connection: {why}."));
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (LoadConnection connection in _connections) connection.Dispose();
    }

    private void TakeEvent(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        var reader = new WireReader(body);
        reader.ReadArray();
        reader.ReadInteger(); // type
        reader.ReadInteger(); // request id
        long chatId = reader.ReadInteger();
        long sequence = reader.ReadInteger();
        reader.ReadInteger(); // kind
        reader.ReadInteger(); // sender
        reader.ReadInteger(); // time
        ReadOnlySpan<byte> id = reader.ReadBytes();
        reader.ReadOptionalInteger(); // reply to
        ReadOnlySpan<byte> text = reader.ReadBytes();
        if (reader.IsMalformed) Interlocked.Increment(ref _malformed);
        if (chatId != _chatOf[connection.Index]) return; // the inbox

        GroupLoad group = _groupOf[connection.Index];
        if (Volatile.Read(ref _repairUpTo[connection.Index]) > 0 && sequence > group.Last(connection) + 1)
            _repairUpTo[connection.Index] = Math.Max(_repairUpTo[connection.Index], sequence); // history brings it
        else
            group.OnEvent(connection, sequence, id, text, now);
    }

    private void TakeSent(LoadConnection connection, uint requestId, ReadOnlySpan<byte> body, long now)
    {
        var reader = new WireReader(body);
        reader.ReadArray();
        reader.ReadInteger();
        reader.ReadInteger();
        reader.ReadInteger(); // chat
        _groupOf[connection.Index].OnSent(requestId, reader.ReadInteger(), now);
    }

    private void TakeError(LoadConnection connection, uint requestId, ReadOnlySpan<byte> body)
    {
        if (!ErrorReply.TryRead(Copy(body), out _, out ErrorReply error)) return;

        if (requestId is HelloId or ChatRequestId or HistoryId)
        {
            _ready[connection.Index].TrySetException(new IOException($"The server refused with {error.Code}: {error.Message}"));
            return;
        }

        TimeSpan pause = TimeSpan.FromMilliseconds(error.RetryAfterMs ?? 0);
        _groupOf[connection.Index].OnError(connection, requestId, error.Retryable, pause < LeastPause ? LeastPause : pause);
    }

    private void TakeGap(LoadConnection connection, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        reader.ReadArray();
        reader.ReadInteger();
        reader.ReadInteger();
        if (reader.ReadInteger() != _chatOf[connection.Index]) return;

        Interlocked.Increment(ref _gaps);
        bool isUnderWay = _repairUpTo[connection.Index] > 0;
        _repairUpTo[connection.Index] = Math.Max(_repairUpTo[connection.Index], reader.ReadInteger());
        if (!isUnderWay) AskForHistory(connection);
    }

    private void TakeHistory(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        if (!HistoryReply.TryRead(Copy(body), out _, out HistoryReply page)) return;

        GroupLoad group = _groupOf[connection.Index];
        foreach (WireEvent e in page.Events)
        {
            if (e.Sequence > group.Last(connection))
                group.OnEvent(
                    connection, e.Sequence, (e.ClientMessageId ?? Guid.Empty).ToByteArray(bigEndian: true),
                    System.Text.Encoding.UTF8.GetBytes(e.Text ?? ""), now);
        }

        if (group.Last(connection) < _repairUpTo[connection.Index]) AskForHistory(connection);
        else _repairUpTo[connection.Index] = 0;
    }

    private void AskForHistory(LoadConnection connection)
    {
        long after = _groupOf[connection.Index].Last(connection);
        var request = new GetHistoryRequest(_chatOf[connection.Index], After: after, Limit: ProtocolLimits.MaxHistoryLimit);
        connection.Send(ClientFrames.Encode(in request, HistoryId));
    }

    private static ReadOnlySequence<byte> Copy(ReadOnlySpan<byte> body) => new(body.ToArray());
}
