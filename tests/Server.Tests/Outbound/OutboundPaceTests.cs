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
    [TestCase(500, 40)]
    public void Connections_rest_as_long_as_messages_wait_where_they_wait_long(int wait, int rest)
    {
        OutboundPace pace = new();
        pace.Follow(TimeSpan.FromMilliseconds(wait), idle: 0);
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.FromMilliseconds(rest)));
    }

    [Test]
    public void Resting_goes_on_while_waits_are_shorter_by_it_and_ends()
    {
        OutboundPace pace = new();
        pace.Follow(TimeSpan.FromMilliseconds(10), idle: 0);
        pace.Follow(TimeSpan.FromMilliseconds(6), idle: 0);
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.FromMilliseconds(6)));
        pace.Follow(TimeSpan.FromMilliseconds(4), idle: 0);
        pace.Follow(TimeSpan.FromMilliseconds(6), idle: 0);
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(0.24, null, 10)]
    [TestCase(0.25, null, 0)]
    [TestCase(null, null, 10)]
    [TestCase(0.1, 0.49, 10)]
    [TestCase(0.1, 0.5, 0)]
    public void Long_waits_with_idle_processors_are_of_the_database(double? before, double? after, int rest)
    {
        OutboundPace pace = new();
        TimeSpan wait = TimeSpan.FromMilliseconds(10);
        pace.Follow(wait, before);
        if (after is not null) pace.Follow(wait, after);
        Assert.That(pace.Rest, Is.EqualTo(TimeSpan.FromMilliseconds(rest)));
    }

    [Test]
    public async Task What_comes_while_a_connection_rests_leaves_in_one_send()
    {
        await using OutputChats chats = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20), idle: 0);
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
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20), idle: 0);
        Twice();
        Assert.That(few.Sends, Has.Count.EqualTo(2));

        for (int i = 0; i < 9; i++) chats.Open(Chat);
        chats.Pace.Follow(TimeSpan.Zero, idle: 0);
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
    public async Task A_connection_that_gets_full_rests_no_longer([Values] bool isFullBefore)
    {
        await using OutputChats chats = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        byte[] reply = new byte[chats.Options.MaxQueuedBytes / 4];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20), idle: 0);
        chats.Push(Chat, "one"u8.ToArray());
        chats.Pumped();

        chats.Push(Chat, "two"u8.ToArray());
        int written = 0;
        if (isFullBefore) Write(3);
        chats.Pumped();
        while (written < 12)
        {
            Write(1);
            chats.Pumped();
        }

        Assert.That(outputs[0].IsSlow, Is.False);
        Assert.That(outputs[0].Sends, Has.Count.GreaterThanOrEqualTo(4));
        Assert.That(outputs.Skip(1).Select(output => output.Sends.Count), Is.All.EqualTo(1), "the others rest");

        chats.Time.Advance(TimeSpan.FromMilliseconds(20));
        chats.Pumped();
        chats.Pump.RunSome();
        Assert.That(outputs[0].Received, Has.Count.EqualTo(6 + (12 * reply.Length)), "nothing is sent twice or lost");
        Assert.That(outputs.Skip(1).Select(output => output.Sends.Count), Is.All.EqualTo(2));

        void Write(int replies)
        {
            for (int i = 0; i < replies; i++) Assert.That(outputs[0].TryWrite(reply), "its peer reads, so it is never cut as slow");
            written += replies;
        }
    }

    [Test]
    public async Task Nobody_waits_behind_a_connection_that_has_to_rest_longer()
    {
        await using OutputChats chats = new();
        ScriptedOutput[] early = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        ScriptedOutput[] late = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat + 1))];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20), idle: 0);
        Say(Chat);
        chats.Time.Advance(TimeSpan.FromMilliseconds(15));
        Say(Chat + 1);
        Say(Chat + 1);
        Say(Chat);
        Assert.That(chats.Pump.LongestWait, Is.EqualTo(6), "of those that came behind");

        chats.Time.Advance(TimeSpan.FromMilliseconds(5));
        chats.Pump.RunSome();
        Assert.That(early.Select(output => output.Sends.Count), Is.All.EqualTo(2));
        Assert.That(late.Select(output => output.Sends.Count), Is.All.EqualTo(1));

        void Say(long chat)
        {
            chats.Push(chat, "push"u8.ToArray());
            chats.Pumped();
        }
    }

    [Test]
    public async Task A_connection_that_ends_while_it_rests_still_says_goodbye()
    {
        await using OutputChats chats = new();
        ScriptedOutput[] outputs = [.. Enumerable.Range(0, 10).Select(_ => chats.Open(Chat))];
        chats.Pace.Follow(TimeSpan.FromMilliseconds(20), idle: 0);
        Push();
        Push();
        outputs[0].TryWrite("goodbye"u8);
        outputs[0].CompleteAfterPending();
        outputs[1].Fail();
        chats.Pumped();
        Assert.That(outputs[0].Drained.IsCompleted, "whoever drains does not wait for the rest");
        Assert.That(outputs[2].Sends, Has.Count.EqualTo(1));

        chats.Time.Advance(TimeSpan.FromMilliseconds(20));
        chats.Pump.RunSome();
        Assert.That(outputs[2].Sends, Has.Count.EqualTo(2));
        Assert.That(System.Text.Encoding.ASCII.GetString([.. outputs[0].Received]), Is.EqualTo("pushgoodbye"));
        Assert.That(outputs[1].Sends, Has.Count.EqualTo(1));

        void Push()
        {
            chats.Push(Chat, "push"u8.ToArray());
            chats.Pumped();
        }
    }
}
