using System.Text;
using Chat.Chaos.Proxy;

namespace Chat.Chaos.Tests.Proxy;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class FlowFilterTests
{
    private static readonly byte[] Startup = "....user.chat.application_name.chat log."u8.ToArray();
    private static readonly byte[] Batch = "B...a bound statement"u8.ToArray();
    private static readonly byte[] Ready = [(byte)'C', 1, 2, (byte)'Z', 0, 0, 0, 5, (byte)'I'];

    [Test]
    public void An_armed_proxy_swallows_the_whole_reply_to_the_next_batch_and_cuts_the_connection()
    {
        var replies = new SwallowedReplies("chat log");
        FlowFilters filters = replies.Filters();
        Pass(filters.ToServer!, Startup);
        replies.Arm();

        (_, byte[] request) = Pass(filters.ToServer!, Batch);
        (bool goesOn, byte[] half) = Pass(filters.ToClient!, Ready[..5]);
        (bool ends, byte[] rest) = Pass(filters.ToClient!, Ready[5..]);

        Assert.That(request, Is.EqualTo(Batch), "the request arrives");
        Assert.That((goesOn, half.Length, ends, rest.Length), Is.EqualTo((true, 0, false, 0)));
        Assert.That(replies.Count, Is.EqualTo(1));
    }

    [TestCase("chat reads")]
    [TestCase("chat receipts")]
    public void Connections_of_another_purpose_are_left_alone(string application)
    {
        var replies = new SwallowedReplies("chat log");
        FlowFilters filters = replies.Filters();
        Pass(filters.ToServer!, Encoding.ASCII.GetBytes($"user chat application_name {application}"));
        replies.Arm();

        Pass(filters.ToServer!, Batch);

        Assert.That(Pass(filters.ToClient!, Ready), Is.EqualTo((true, Ready)));
        Assert.That(replies.Count, Is.Zero);
    }

    [Test]
    public void Only_one_reply_is_swallowed_for_each_arming()
    {
        var replies = new SwallowedReplies("chat log");
        FlowFilters first = replies.Filters(), second = replies.Filters();
        foreach (FlowFilters filters in (FlowFilters[])[first, second]) Pass(filters.ToServer!, Startup);
        replies.Arm();

        Pass(first.ToServer!, Batch);
        Pass(second.ToServer!, Batch);

        Assert.That(Pass(second.ToClient!, Ready), Is.EqualTo((true, Ready)));
    }

    [Test]
    public void Publications_come_twice_or_three_times_and_none_is_lost()
    {
        var shuffle = new RedisShuffle(window: 20, seed: 7);
        IFlowFilter filter = shuffle.Filters().ToClient!;
        List<byte> output = [];
        for (int n = 0; n < 200; n++) output.AddRange(Pass(filter, Publication($"message {n:000}")).Bytes);
        string text = Encoding.ASCII.GetString([.. output]);

        int[] counts = [.. Enumerable.Range(0, 190).Select(n => text.Split($"message {n:000}").Length - 1)];
        Assert.That(counts, Has.All.InRange(2, 3));
        Assert.That(shuffle.Seen, Is.EqualTo(200));
    }

    [Test]
    public void Publications_of_one_piece_change_their_order()
    {
        IFlowFilter filter = new RedisShuffle(window: 20, seed: 7).Filters().ToClient!;

        string text = Encoding.ASCII.GetString(
            Pass(filter, [.. Enumerable.Range(0, 20).SelectMany(n => Publication($"message {n:000}"))]).Bytes);

        int[] firsts =
            [.. Enumerable.Range(0, 20).Select(n => text.IndexOf($"message {n:000}", StringComparison.Ordinal)).Where(at => at >= 0)];
        Assert.That(firsts, Has.Length.GreaterThan(10));
        Assert.That(firsts, Is.Not.Ordered);
    }

    [Test]
    public void What_is_no_publication_passes_as_it_is_wherever_it_is_split()
    {
        byte[] subscribed = Encoding.ASCII.GetBytes(
            "*3\r\n$9\r\nsubscribe\r\n$4\r\nchan\r\n:1\r\n+PONG\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n:5\r\n");
        for (int cut = 0; cut <= subscribed.Length; cut++)
        {
            IFlowFilter filter = new RedisShuffle(window: 20, seed: 1).Filters().ToClient!;

            byte[] passed = [.. Pass(filter, subscribed[..cut]).Bytes, .. Pass(filter, subscribed[cut..]).Bytes];

            Assert.That(passed, Is.EqualTo(subscribed), $"cut at {cut}");
        }
    }

    private static byte[] Publication(string payload) =>
        Encoding.ASCII.GetBytes($"*3\r\n$7\r\nmessage\r\n$4\r\nchan\r\n${payload.Length}\r\n{payload}\r\n");

    private static (bool GoesOn, byte[] Bytes) Pass(IFlowFilter filter, byte[] bytes)
    {
        bool goesOn = filter.TryPass(bytes, out ReadOnlyMemory<byte> passOn);
        return (goesOn, passOn.ToArray());
    }
}
