using System.Text;

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Traffic;

namespace Chat.Load.Tests.Dialects;

/// <summary>What a peer loses, doubles or alters is found as far as a relay without sequences shows it.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PeerDialectTests
{
    private static readonly LoadSimulation Pair = new() { Chats = 1, Members = 2 };

    private readonly MessageTable _messages = new(Pair.PayloadBytes, seed: 3);
    private readonly Meter _meter = new();
    private readonly LoadConnection _sender = new(0);
    private readonly LoadConnection _other = new(1);

    [Test]
    public void Bun_delivers_the_text_itself()
    {
        BunRooms dialect = new(_messages, _meter, Pair, ownCopyIsAck: false);
        long number = _messages.Add(0, sender: 0);
        dialect.OnMessage(_sender, _messages.TextOf(number), now: 1);
        dialect.OnMessage(_other, _messages.TextOf(number), now: 1);

        Assert.That((_meter.Delivered, _meter.Acked), Is.EqualTo((2, 0)));
        Assert.That(dialect.Judge(missing: 0), Is.EqualTo(new Faults()));
    }

    [Test]
    public void For_ephemeral_pushes_the_sender_s_own_copy_is_its_ack()
    {
        BunRooms dialect = new(_messages, _meter, Pair, ownCopyIsAck: true);
        long number = _messages.Add(0, sender: 0);
        dialect.OnMessage(_sender, _messages.TextOf(number), now: 1);
        dialect.OnMessage(_other, _messages.TextOf(number), now: 1);

        Assert.That((_meter.Delivered, _meter.Acked), Is.EqualTo((1, 1)));
    }

    [Test]
    public void SignalR_wraps_the_text_and_puts_several_into_one_message()
    {
        SignalRRooms dialect = new(_messages, _meter, Pair, "signalr");
        (long first, long second) = (_messages.Add(0, 0), _messages.Add(0, 1));
        dialect.OnMessage(_sender, Encoding.ASCII.GetBytes($"{{\"type\":6}}\u001e{Call(first)}{Call(second)}"), now: 1);

        Assert.That(_meter.Delivered, Is.EqualTo(2));
        Assert.That(dialect.Judge(missing: 0), Is.EqualTo(new Faults()));
    }

    [Test]
    public void What_is_altered_is_corrupted_and_no_delivery()
    {
        BunRooms dialect = new(_messages, _meter, Pair, ownCopyIsAck: false);
        byte[] text = _messages.TextOf(_messages.Add(0, 0)).ToArray();
        text[60] ^= 1;
        dialect.OnMessage(_other, text, now: 1);

        Assert.That((_meter.Delivered, dialect.Judge(missing: 2).Corrupted), Is.EqualTo((0, 1)));
    }

    [Test]
    public void What_is_missing_is_lost_and_what_is_too_much_is_doubled()
    {
        BunRooms dialect = new(_messages, _meter, Pair, ownCopyIsAck: false);

        Assert.That(dialect.Judge(missing: 3).Lost, Is.EqualTo(3));
        Assert.That(dialect.Judge(missing: -2).Duplicated, Is.EqualTo(2));
    }

    private string Call(long number) =>
        $$"""{"type":1,"target":"m","arguments":["{{Encoding.ASCII.GetString(_messages.TextOf(number))}}"]}""" + "\u001e";
}
