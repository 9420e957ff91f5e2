using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;

using Chat.Chaos.History;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>
/// A bare connection: writes down what the wire brings, in the order in which it comes, and mends nothing. It goes away and comes back
/// with its positions every few seconds, to another node each time.
/// </summary>
internal sealed class WireObserver : IAsyncDisposable
{
    // Small buffers, so that who does not read is felt by the server. It sizes its own by the segments that we take: on loopback those have
    // 64 KB, and 2.6 MB would wait in the kernel.
    private const int ReceiveBufferBytes = 4_096;
    private const int SegmentBytes = 536;
    private const int IpProtocolTcp = 6;
    private const int TcpMaxSegment = 2;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly ObserverOptions _options;
    private readonly HistoryWriter _history;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<long, WirePosition> _positions = [];
    private readonly Dictionary<long, long> _heardBeforePlaced = [];
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private int _connection;
    private int _node;
    private bool _isOnline;

    public WireObserver(ObserverOptions options, HistoryWriter history)
    {
        (_options, _history) = (options, history);
        _random = new Random(options.Seed);
        _node = options.FirstNode;
    }

    public int Session => _options.Session;

    public long User => _options.Device.User;

    public bool IsOnline => Volatile.Read(ref _isOnline);

    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>How far the wire brought a chat; 0 if it brought nothing.</summary>
    public long PositionOf(long chat)
    {
        lock (_gate) return _positions.GetValueOrDefault(chat).Sequence;
    }

    /// <summary>From now on the connection is kept, and read.</summary>
    public void Settle() => _options.IsSettled = true;

    /// <summary>Writes down what happened now.</summary>
    /// <param name="entry">What.</param>
    /// <param name="asked">When it was asked for; now, if nobody did.</param>
    public void Write(in HistoryEntry entry, long? asked = null)
    {
        long now = HistoryClock.Now();
        _history.Write(
            entry with { Session = Session, User = User, Connection = _connection, Node = _node, Invoke = asked ?? now, Done = now });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ConnectAndReadAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (
                broken is WebSocketException or HttpRequestException or IOException or ChatException or OperationCanceledException)
            {
                if (IsOnline) Write(new HistoryEntry { Op = HistoryOp.Close, Code = (int)DisconnectCode.Abnormal, Text = broken.Message });
                Volatile.Write(ref _isOnline, false);
                await Task.WhenAny(Task.Delay(Retry, TimeProvider.System, ct));
            }
        }
    }

    private async Task ConnectAndReadAsync(CancellationToken ct)
    {
        _node = (_node + 1) % _options.Nodes.Count;
        using SocketsHttpHandler handler = new() { ConnectCallback = ConnectSmallAsync };
        using HttpMessageInvoker invoker = new(handler);
        using ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        UriBuilder url = new(_options.Nodes[_node]) { Scheme = "ws", Path = "/ws" };
        await socket.ConnectAsync(url.Uri, invoker, ct);

        string token = await _options.Device.Account.TokenAsync(TokenReason.Connect, ct);
        WirePosition[] positions;
        lock (_gate) positions = [.. _positions.Values];
        HelloRequest hello = new(ProtocolLimits.ProtocolVersion, token, "chaos-wire", [.. positions, .. _options.Foreign]);
        await SendAsync(socket, hello, 1, ct);
        await ReadAsync(socket, positions, ct);
    }

    private async Task ReadAsync(ClientWebSocket socket, WirePosition[] positions, CancellationToken ct)
    {
        byte[] buffer = new byte[1 << 16];
        long until = HistoryClock.Now() + (long)(_options.Stay.TotalNanoseconds * (1 + (_random.NextDouble() * 3)));
        while (_options.IsSettled || HistoryClock.Now() < until || !IsOnline)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            using (CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct))
            {
                if (!IsOnline) late.CancelAfter(TimeSpan.FromSeconds(10));
                do
                {
                    if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), late.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                if (IsOnline)
                    Write(
                        new HistoryEntry
                        {
                            Op = HistoryOp.Close,
                            Code = (int?)socket.CloseStatus ?? 1005,
                            Text = socket.CloseStatusDescription,
                        });
                Volatile.Write(ref _isOnline, false);
                await Task.Delay(Retry, TimeProvider.System, ct);
                return;
            }

            ReadOnlySequence<byte> frames = new(buffer.AsMemory(0, length));
            while (FrameReader.TryRead(ref frames, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body)
                == FrameReadResult.Complete)
                if (TakeFrame(body, positions)) await AskHeadsAsync(socket, ct);

            if (_options.IsSlow && !_options.IsSettled && _random.Next(40) == 0)
                await Task.Delay(_options.SlowPause, TimeProvider.System, ct);
        }

        Volatile.Write(ref _isOnline, false); // it goes by itself: nobody waits for its return
    }

    /// <returns>Whether this was the first welcome, so that the places in the chats must be asked for.</returns>
    private bool TakeFrame(ReadOnlySequence<byte> body, WirePosition[] positions)
    {
        if (FrameHeader.TryRead(body, out FrameHeader header) != FrameDecodeResult.Ok)
            throw new IOException("The server sent what is no frame.");

        switch (header.Type)
        {
            case FrameType.Welcome when WelcomeReply.TryRead(body, out _, out WelcomeReply welcome):
                TakeWelcome(in welcome, positions);
                return positions.Length == 0;
            case FrameType.Chat when ChatReply.TryRead(body, out _, out ChatReply chat):
                Place(chat.Chat.ChatId, chat.Chat.Epoch, Math.Max(chat.Chat.HeadSequence, HeardOf(chat.Chat.ChatId)));
                break;
            case FrameType.Event when EventPush.TryRead(body, out _, out EventPush pushed):
                TakeEvent(pushed.Event);
                break;
            case FrameType.Gap when GapPush.TryRead(body, out _, out GapPush gap):
                Write(new HistoryEntry { Op = HistoryOp.Reset, Chat = gap.ChatId, Cursor = gap.HeadSequence, Text = "gap" });
                Advance(gap.ChatId, gap.HeadSequence);
                break;
        }

        return false;
    }

    /// <summary>
    /// Says from where on each chat must be told: the position, or the head that the welcome names (protocol-spec.md §8.3).
    /// </summary>
    private void TakeWelcome(in WelcomeReply welcome, WirePosition[] positions)
    {
        _connection++;
        _heardBeforePlaced.Clear();
        Volatile.Write(ref _isOnline, true);
        Write(new HistoryEntry { Op = HistoryOp.Connect, Text = _options.IsSlow ? SessionKinds.SlowWire : SessionKinds.Wire });
        Dictionary<long, WireResumed> resumed = welcome.Resumed.ToDictionary(chat => chat.ChatId);
        foreach (WirePosition position in positions)
        {
            if (!resumed.TryGetValue(position.ChatId, out WireResumed state)) Place(position.ChatId, position.Epoch, position.Sequence);
            else if (state.Recovered) Place(position.ChatId, state.Epoch, state.HeadSequence);
            else lock (_gate) _positions.Remove(position.ChatId);
        }
    }

    private async Task AskHeadsAsync(ClientWebSocket socket, CancellationToken ct)
    {
        uint request = 2;
        foreach (long chat in _options.Chats) await SendAsync(socket, new GetChatRequest(chat), request++, ct);
    }

    private void TakeEvent(in WireEvent e)
    {
        if (!_options.Known.Contains(e.ChatId)) return; // an inbox, or a chat of another run

        Write(new HistoryEntry
        {
            Op = HistoryOp.Receive,
            Source = HistorySource.Live,
            Chat = e.ChatId,
            Seq = e.Sequence,
            ClientMessageId = e.Kind == EventKind.Message ? e.ClientMessageId ?? Guid.Empty : Guid.Empty,
            Hash = e.Kind == EventKind.Message ? ChaosPayload.Hash(e.Text ?? "") : 0,
        });
        Advance(e.ChatId, e.Sequence);
    }

    private void Place(long chat, long epoch, long sequence)
    {
        lock (_gate) _positions[chat] = new WirePosition(chat, epoch, sequence);
        Write(new HistoryEntry { Op = HistoryOp.Resume, Chat = chat, Cursor = sequence });
    }

    private void Advance(long chat, long sequence)
    {
        lock (_gate)
        {
            if (!_positions.TryGetValue(chat, out WirePosition known)) _heardBeforePlaced[chat] = sequence;
            else if (known.Sequence < sequence) _positions[chat] = known with { Sequence = sequence };
        }
    }

    /// <summary>How far the chat was told when its place is learned: an event may overtake the reply that names the head.</summary>
    private long HeardOf(long chat) => Math.Max(PositionOf(chat), _heardBeforePlaced.GetValueOrDefault(chat));

    private static ValueTask SendAsync<T>(ClientWebSocket socket, in T request, uint id, CancellationToken ct)
        where T : struct, IFrame<T> =>
        socket.SendAsync(FrameEncoder.Encode(in request, id).AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, ct);

    private static async ValueTask<Stream> ConnectSmallAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = ReceiveBufferBytes };
        try
        {
            socket.SetRawSocketOption(IpProtocolTcp, TcpMaxSegment, BitConverter.GetBytes(SegmentBytes));
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Who a <see cref="WireObserver"/> is.</summary>
internal sealed class ObserverOptions
{
    public required ChaosDevice Device { get; init; }

    public required int Session { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<Uri> Nodes { get; init; }

    public required int FirstNode { get; init; }

    /// <summary>The person's chats at the start.</summary>
    public required IReadOnlyList<long> Chats { get; init; }

    /// <summary>All chats of the run.</summary>
    public required IReadOnlySet<long> Known { get; init; }

    /// <summary>Positions in chats of other people, which it says are its own.</summary>
    public IReadOnlyList<WirePosition> Foreign { get; init; } = [];

    public required TimeSpan Stay { get; init; }

    public bool IsSlow { get; init; }

    public TimeSpan SlowPause { get; init; }

    /// <summary>Neither goes away nor sleeps any more.</summary>
    public volatile bool IsSettled;
}
