using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>What the client holds of one chat's log: its position, and what came too early. Caller holds the gate of <see cref="ChatSync"/>.</summary>
internal sealed class ChatLog(long chatId)
{
    /// <summary>Events kept aside while a gap is filled; more are fetched with the gap instead.</summary>
    private const int MaxAside = 256;

    private readonly SortedList<long, WireEvent> _aside = [];

    public long ChatId => chatId;

    public long Epoch { get; private set; }

    /// <summary>The last sequence taken.</summary>
    public long Sequence { get; private set; }

    /// <summary>False until the service told where the log stands.</summary>
    public bool IsPlaced { get; private set; }

    /// <summary>The log must be taken up to here.</summary>
    public long Target { get; private set; }

    /// <summary>The session whose repair of this log runs.</summary>
    public WireSession? RepairedBy { get; set; }

    /// <summary>Pages in a row that brought nothing although there should have been something.</summary>
    public int Stalls { get; set; }

    /// <summary>Not null: the position was void, and the app is to be told once the log has a place again.</summary>
    public string? VoidReason { get; private set; }

    /// <summary>The principal left, and the log was taken to its end; whoever still works on it stops.</summary>
    public bool IsDetached { get; set; }

    /// <summary>
    /// The principal is not in the chat, as far as is known: the log is read on from where it was left, and may end there.
    /// </summary>
    public bool IsLeft { get; set; }

    public bool IsBehind => IsPlaced && Sequence < Target;

    public long? FirstAside => _aside.Count == 0 ? null : _aside.GetKeyAtIndex(0);

    /// <summary>Sets the position; what came early and is above stays.</summary>
    public void Place(long epoch, long sequence)
    {
        (Epoch, Sequence, IsPlaced, VoidReason) = (epoch, sequence, true, null);
        DropOld();
    }

    /// <summary>Makes the position void; nothing stays.</summary>
    public void Unplace(string reason)
    {
        _aside.Clear();
        (Epoch, Sequence, Target, IsPlaced, Stalls, VoidReason) = (0, 0, 0, false, 0, reason);
    }

    /// <summary>There is nothing above the position that may be seen.</summary>
    public void SettleTarget() => Target = Sequence;

    /// <summary>Everything up to here was taken, or may not be seen.</summary>
    public void Advance(long sequence)
    {
        if (sequence <= Sequence) return;

        Sequence = sequence;
        DropOld();
    }

    public void RaiseTarget(long sequence) => Target = Math.Max(Target, sequence);

    public void KeepAside(in WireEvent early)
    {
        RaiseTarget(early.Sequence);
        _aside[early.Sequence] = early;
        if (_aside.Count > MaxAside) _aside.RemoveAt(_aside.Count - 1); // the target stays, so the repair brings it
    }

    /// <summary>Takes the next event out of those kept aside, if it is there.</summary>
    public bool TryTakeNextAside(out WireEvent next)
    {
        next = default;
        if (_aside.Count == 0 || _aside.GetKeyAtIndex(0) != Sequence + 1) return false;

        next = _aside.GetValueAtIndex(0);
        return true;
    }

    /// <summary>What came early belonged to a connection that is gone; the next one says how far the log is.</summary>
    public void ForgetAside() => _aside.Clear();

    private void DropOld()
    {
        while (_aside.Count > 0 && _aside.GetKeyAtIndex(0) <= Sequence) _aside.RemoveAt(0);
    }
}
