using System.Buffers;

namespace Chat.Fuzz.WebSocket;

/// <summary>What a reader made of a stream, as bytes that can be compared: messages, control frames, and how it ended.</summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _items = new(1024);

    public ReadOnlySpan<byte> Items => _items.WrittenSpan;

    /// <summary>"end", "close CODE REASON" or "violation".</summary>
    public string End { get; private set; } = "end";

    /// <summary>For a violation: the code to close with.</summary>
    public int Code { get; private set; }

    /// <summary>For a violation: what was wrong.</summary>
    public string Why { get; private set; } = "";

    public void Clear()
    {
        _items.ResetWrittenCount();
        (End, Code, Why) = ("end", 0, "");
    }

    public void Add(char kind, in ReadOnlySequence<byte> payload)
    {
        Span<byte> head = _items.GetSpan(5);
        head[0] = (byte)kind;
        BitConverter.TryWriteBytes(head[1..], (int)payload.Length);
        _items.Advance(5);
        foreach (ReadOnlyMemory<byte> piece in payload) _items.Write(piece.Span);
    }

    public void EndWith(string end, int code = 0, string why = "") => (End, Code, Why) = (end, code, why);

    /// <summary>Whether both say the same; what is wrong with a text may be put in other words.</summary>
    public bool IsLike(Transcript other) => Items.SequenceEqual(other.Items) && End == other.End && Code == other.Code;

    public override string ToString() => $"{Items.Length} bytes of items, then {End} {Code} {Why}";
}
