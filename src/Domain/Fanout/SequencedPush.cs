using System.Runtime.InteropServices;
using Chat.Domain.Wire;
using Chat.Protocol.Framing;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage;

namespace Chat.Domain.Fanout;

/// <summary>How an event came here, which decides what is believed of it.</summary>
internal enum EventSource : byte
{
    /// <summary>Committed by this node a moment ago, and told with everything that the same transaction changed.</summary>
    Committed,

    /// <summary>Published by another node: a hint that may be late, doubled or wrong.</summary>
    Relayed,

    /// <summary>Read from the database.</summary>
    Read,
}

/// <summary>
/// One committed event on its way to the sessions of this node: its place in the chat's log, what it may change about members, and the
/// push, which is encoded only if somebody is to get it or it was encoded for other nodes anyway.
/// </summary>
internal readonly struct SequencedPush
{
    private readonly EventRow? _row;
    private readonly ReadOnlyMemory<byte> _frame;

    /// <param name="row">The event.</param>
    /// <param name="frame">Its push as a WebSocket frame, or empty to encode it when it is asked for.</param>
    public SequencedPush(EventRow row, ReadOnlyMemory<byte> frame = default)
        : this(row.ChatId, row.Sequence, row.Kind, row.SubjectId ?? 0, frame) => _row = row;

    /// <param name="chatId">The chat.</param>
    /// <param name="sequence">Its place in the log.</param>
    /// <param name="kind">One of <see cref="EventKinds"/>, or one that this version does not know.</param>
    /// <param name="subjectId">The member or chat that it is about; 0 for none.</param>
    /// <param name="frame">The push as a WebSocket frame; may be a part of something larger.</param>
    public SequencedPush(long chatId, long sequence, short kind, long subjectId, ReadOnlyMemory<byte> frame) =>
        (ChatId, Sequence, Kind, SubjectId, _frame) = (chatId, sequence, kind, subjectId, frame);

    public long ChatId { get; }

    public long Sequence { get; }

    public short Kind { get; }

    public long SubjectId { get; }

    public bool IsJoin => Kind == EventKinds.MemberAdded && SubjectId != 0;

    public bool IsDeparture => Kind is EventKinds.MemberRemoved or EventKinds.MemberLeft or EventKinds.ReaderRemoved && SubjectId != 0;

    /// <summary>The last event of a chat: nobody is in it any more.</summary>
    public bool IsEnd => Kind == EventKinds.ChatDeleted;

    /// <summary>In an inbox: its owner left a channel, whose log does not say so. Known only of what this node committed.</summary>
    public bool IsSilentDeparture => Kind == EventKinds.ChatRemoved && _row?.ReplyTo is not null;

    /// <summary>The encoded push, if it was encoded for other nodes.</summary>
    public ReadOnlyMemory<byte> Encoded => _frame;

    /// <summary>About how many bytes it holds in memory.</summary>
    public int HeldBytes => _frame.IsEmpty ? 128 + (_row?.Text?.Length ?? 0) * sizeof(char) : 64 + _frame.Length;

    /// <summary>The push as an array of its own: encoded now, or cut out of the publication it came in.</summary>
    public byte[] ToFrame()
    {
        if (_frame.IsEmpty) return FrameEncoder.EncodeWebSocket(new EventPush(_row!.ToWire()));
        return MemoryMarshal.TryGetArray(_frame, out ArraySegment<byte> segment) && segment.Array!.Length == segment.Count
            ? segment.Array
            : _frame.ToArray();
    }

    /// <summary>The same, without holding on to the publication that it came in.</summary>
    public SequencedPush Detached() =>
        _frame.IsEmpty
            ? this
            : _row is null ? new SequencedPush(ChatId, Sequence, Kind, SubjectId, ToFrame()) : new SequencedPush(_row, ToFrame());
}
