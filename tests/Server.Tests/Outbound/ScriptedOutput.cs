using System.Buffers;
using Chat.Server.Outbound;

namespace Chat.Server.Tests.Outbound;

/// <summary>A way out whose peer takes as many bytes as the test says.</summary>
internal sealed class ScriptedOutput(OutboundPump pump, OutboundOptions options, TimeProvider time) : ConnectionOutput(pump, options, time)
{
    private byte[] _rest = [];

    /// <summary>Bytes that the peer takes of a send; all of it unless set.</summary>
    public Func<int, int> Takes { get; set; } = static length => length;

    /// <summary>What went at once, a send each.</summary>
    public List<byte[]> Sends { get; } = [];

    /// <summary>Everything the peer got.</summary>
    public List<byte> Received { get; } = [];

    public bool IsWaiting => _rest.Length > 0;

    /// <summary>The peer takes some of what waits.</summary>
    public void Continue(int bytes)
    {
        int taken = Math.Min(bytes, _rest.Length);
        Received.AddRange(_rest.AsSpan(0, taken));
        _rest = _rest[taken..];
        if (taken > 0) NoteProgress();
        if (taken > 0 && _rest.Length == 0) EndSend(isSent: true);
    }

    public void Break()
    {
        _rest = [];
        EndSend(isSent: false);
    }

    protected override int SendNow(ReadOnlySpan<byte> bytes)
    {
        Assert.That(IsWaiting, Is.False, "one send at a time");
        int taken = Takes(bytes.Length);
        Sends.Add(bytes.ToArray());
        if (taken > 0) Received.AddRange(bytes[..taken]);
        return taken;
    }

    protected override void SendLater(byte[] rest, int length)
    {
        _rest = rest[..length];
        ArrayPool<byte>.Shared.Return(rest);
    }
}
