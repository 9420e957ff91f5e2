using Chat.Server.Outbound;

namespace Chat.Server.Tests.Outbound;

/// <summary>When a connection that was sent to rests, ADR 0038.</summary>
[TestFixture]
internal sealed class OutboundPaceTests
{
    private const long Chat = 7;

    [TestCase(0, 0)]
    [TestCase(9, 0)]
    [TestCase(10, 10)]
    [TestCase(14, 14)]
    [TestCase(500, 20)]
    public void Connections_rest_as_long_as_messages_wait_where_they_wait_long(int wait, int rest)
    {
        OutboundPace pace = new();
        pace.Follow(TimeSpan.FromMilliseconds(wait));
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.FromMilliseconds(rest)));
    }

    [Test]
    public void Resting_goes_on_while_waits_are_shorter_by_it_and_ends()
    {
        OutboundPace pace = new();
        pace.Follow(TimeSpan.FromMilliseconds(10));
        pace.Follow(TimeSpan.FromMilliseconds(6));
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.FromMilliseconds(6)));
        pace.Follow(TimeSpan.FromMilliseconds(4));
        pace.Follow(TimeSpan.FromMilliseconds(6));
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task What_comes_while_a_connection_rests_leaves_in_one_send()
    {
        await using OutputChats chats = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20));
        Say("one,");
        Assert.That(outputs.Select(output => output.Sends.Count), Is.All.EqualTo(1), "nobody was sent to lately");

        chats.Time.Advance(TimeSpan.FromMilliseconds(5));
        Say("two,");
        outputs[0].TryWrite("reply,"u8);
        chats.Time.Advance(TimeSpan.FromMilliseconds(5));
        Say("three,");
        Assert.That(outputs.Select(output => output.Sends.Count), Is.All.EqualTo(1));
        Assert.That(chats.Pump.LongestWait, Is.EqualTo(11), "a millisecond is rounded up");

        chats.Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(chats.Pump.LongestWait, Is.Zero);
        chats.Pump.RunSome();
        Assert.That(chats.Pump.LongestWait, Is.EqualTo(-1));
        Assert.That(outputs.Select(output => output.Sends.Count), Is.All.EqualTo(2));
        Assert.That(outputs[1].Received, Is.EqualTo("one,two,three,"u8.ToArray()));
        Assert.That(outputs[0].Received, Is.EqualTo("one,reply,two,three,"u8.ToArray()));

        void Say(string text)
        {
            chats.Push(Chat, System.Text.Encoding.ASCII.GetBytes(text));
            chats.Pumped();
        }
    }

    [Test]
    public async Task A_few_connections_never_rest_and_none_does_when_processors_are_not_short()
    {
        await using OutputChats chats = new();
        ScriptedOutput few = chats.Open(Chat);
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20));
        Twice();
        Assert.That(few.Sends, Has.Count.EqualTo(2));

        for (int i = 0; i < 9; i++) chats.Open(Chat);
        chats.Pace.Follow(TimeSpan.Zero);
        Twice();
        Assert.That(few.Sends, Has.Count.EqualTo(4));

        void Twice()
        {
            for (int i = 0; i < 2; i++)
            {
                chats.Push(Chat, "push"u8.ToArray());
                chats.Pumped();
            }
        }
    }

    [Test]
    public async Task A_connection_that_ends_while_it_rests_still_says_goodbye()
    {
        await using OutputChats chats = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20));
        Push();
        Push();
        outputs[0].TryWrite("goodbye"u8);
        outputs[0].CompleteAfterPending();
        outputs[1].Fail();
        Assert.That(outputs[0].Drained.IsCompleted, Is.False);

        chats.Time.Advance(TimeSpan.FromMilliseconds(20));
        chats.Pump.RunSome();
        Assert.That(outputs[0].Drained.IsCompleted);
        Assert.That(System.Text.Encoding.ASCII.GetString([.. outputs[0].Received]), Is.EqualTo("pushgoodbye"));
        Assert.That(outputs[1].Sends, Has.Count.EqualTo(1));

        void Push()
        {
            chats.Push(Chat, "push"u8.ToArray());
            chats.Pumped();
        }
    }
}
