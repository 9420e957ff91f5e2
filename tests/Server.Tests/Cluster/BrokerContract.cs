using System.Buffers.Binary;
using Chat.Domain.Cluster;

namespace Chat.Server.Tests.Cluster;

/// <summary>What every broker does, whatever carries its bytes (<see cref="IBroker"/>).</summary>
internal abstract class BrokerContract
{
    private readonly List<IBroker> _brokers = [];

    [TearDown]
    public async Task LeaveAsync()
    {
        foreach (IBroker broker in _brokers) await broker.DisposeAsync();
        _brokers.Clear();
    }

    [Test, CancelAfter(60_000)]
    public async Task Publications_of_one_channel_arrive_in_the_order_of_the_calls(CancellationToken ct)
    {
        const int Count = 2000;
        (IBroker one, _) = await StartAsync(ct);
        (_, RecordingReceiver heard) = await StartAsync(ct);
        BrokerChannel[] channels = [BrokerChannel.ForNode(1), BrokerChannel.ForNode(2), BrokerChannel.Presence];

        for (int i = 0; i < Count; i++) Assert.That(one.TryPublish(channels[i % 3], Number(i)), Is.True);

        List<(BrokerChannel Channel, byte[] Payload)> taken = await heard.TakeAsync(Count, ct);
        foreach (BrokerChannel channel in channels)
        {
            int[] numbers =
                [.. taken.Where(item => item.Channel == channel).Select(item => BinaryPrimitives.ReadInt32LittleEndian(item.Payload))];
            Assert.That(numbers, Is.Ordered);
            Assert.That(numbers, Is.Unique);
        }

        Assert.That(heard.Waiting, Is.Zero, "nothing twice");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_node_hears_all_others_and_never_itself(CancellationToken ct)
    {
        (IBroker one, RecordingReceiver heardByOne) = await StartAsync(ct);
        (IBroker two, RecordingReceiver heardByTwo) = await StartAsync(ct);
        (IBroker three, RecordingReceiver heardByThree) = await StartAsync(ct);

        one.TryPublish(BrokerChannel.Control, Number(1));
        two.TryPublish(BrokerChannel.Control, Number(2));
        three.TryPublish(BrokerChannel.Control, Number(3));

        Assert.That(await NumbersAsync(heardByOne, 2, ct), Is.EquivalentTo(new[] { 2, 3 }));
        Assert.That(await NumbersAsync(heardByTwo, 2, ct), Is.EquivalentTo(new[] { 1, 3 }));
        Assert.That(await NumbersAsync(heardByThree, 2, ct), Is.EquivalentTo(new[] { 1, 2 }));
        Assert.That(heardByOne.Waiting + heardByTwo.Waiting + heardByThree.Waiting, Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task Every_channel_is_heard(CancellationToken ct)
    {
        (IBroker one, _) = await StartAsync(ct);
        (_, RecordingReceiver heard) = await StartAsync(ct);
        List<BrokerChannel> channels = [BrokerChannel.Presence, BrokerChannel.Control];
        for (int bucket = 0; bucket < BrokerChannel.ChatBuckets; bucket++) channels.Add(new BrokerChannel(BrokerTopic.Chats, (byte)bucket));

        foreach (BrokerChannel channel in channels) one.TryPublish(channel, Number(CodeOf(channel)));

        List<(BrokerChannel Channel, byte[] Payload)> taken = await heard.TakeAsync(channels.Count, ct);
        Assert.That(taken.Select(item => item.Channel), Is.EquivalentTo(channels));
        Assert.That(
            taken.Select(item => BinaryPrimitives.ReadInt32LittleEndian(item.Payload)),
            Is.EqualTo(taken.Select(item => CodeOf(item.Channel))));
    }

    [TestCase(0), TestCase(1), TestCase(1000), TestCase(64 << 10), TestCase(256 << 10)]
    [CancelAfter(60_000)]
    public async Task A_payload_arrives_as_it_was(int bytes, CancellationToken ct)
    {
        (IBroker one, _) = await StartAsync(ct);
        (_, RecordingReceiver heard) = await StartAsync(ct);
        byte[] payload = new byte[bytes];
        new Random(bytes).NextBytes(payload);

        Assert.That(one.TryPublish(BrokerChannel.ForNode(7), payload), Is.True);

        Assert.That((await heard.NextAsync(ct)).Payload, Is.EqualTo(payload));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_receiver_is_called_one_at_a_time_for_each_channel(CancellationToken ct)
    {
        const int Publishers = 4, Each = 500;
        (IBroker one, _) = await StartAsync(ct);
        (IBroker two, _) = await StartAsync(ct);
        (_, RecordingReceiver heard) = await StartAsync(ct);

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++) (publisher % 2 == 0 ? one : two).TryPublish(BrokerChannel.ForNode(i % 2), Number(i));
        })));

        await heard.TakeAsync(Publishers * Each, ct);
        Assert.That(heard.WasCalledTwiceAtOnce, Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_topic_has_one_receiver_named_before_the_start(CancellationToken ct)
    {
        IBroker broker = Join();
        broker.Attach(BrokerTopic.Chats, new RecordingReceiver());

        Assert.That(() => broker.Attach(BrokerTopic.Chats, new RecordingReceiver()), Throws.InvalidOperationException);
        await broker.StartAsync(ct);
        Assert.That(() => broker.Attach(BrokerTopic.Control, new RecordingReceiver()), Throws.InvalidOperationException);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_topic_without_a_receiver_disturbs_no_other(CancellationToken ct)
    {
        (IBroker one, _) = await StartAsync(ct);
        RecordingReceiver heard = new();
        IBroker two = Join();
        two.Attach(BrokerTopic.Control, heard);
        await two.StartAsync(ct);

        one.TryPublish(BrokerChannel.Presence, Number(1));
        one.TryPublish(BrokerChannel.Control, Number(2));

        Assert.That(await NumbersAsync(heard, 1, ct), Is.EqualTo(new[] { 2 }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Nothing_is_published_before_the_start(CancellationToken ct)
    {
        (_, RecordingReceiver heard) = await StartAsync(ct);
        IBroker broker = Join();

        Assert.That(broker.Health, Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(broker.TryPublish(BrokerChannel.Control, Number(1)), Is.False);
        await broker.StartAsync(ct);
        Assert.That(broker.TryPublish(BrokerChannel.Control, Number(2)), Is.True);

        Assert.That(await NumbersAsync(heard, 1, ct), Is.EqualTo(new[] { 2 }));
    }

    [Test, CancelAfter(120_000)]
    public async Task Health_is_told_and_publications_pass_again_after_an_outage(CancellationToken ct)
    {
        (IBroker one, RecordingReceiver heardByOne) = await StartAsync(ct);
        (IBroker two, RecordingReceiver heardByTwo) = await StartAsync(ct);
        Assert.That(await heardByOne.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(await heardByTwo.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));

        await BreakAsync();
        Assert.That(await heardByOne.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(await heardByTwo.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(one.Health, Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(one.TryPublish(BrokerChannel.Control, Number(1)), Is.False);

        await MendAsync();
        Assert.That(await heardByOne.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(await heardByTwo.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(one.TryPublish(BrokerChannel.ForNode(5), Number(2)), Is.True);
        Assert.That(two.TryPublish(BrokerChannel.ForNode(5), Number(3)), Is.True);
        Assert.That(await NumbersAsync(heardByTwo, 1, ct), Is.EqualTo(new[] { 2 }));
        Assert.That(await NumbersAsync(heardByOne, 1, ct), Is.EqualTo(new[] { 3 }));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_broker_that_is_disposed_is_silent_and_can_be_disposed_again(CancellationToken ct)
    {
        (IBroker one, RecordingReceiver heardByOne) = await StartAsync(ct);
        (IBroker two, RecordingReceiver heardByTwo) = await StartAsync(ct);
        await heardByOne.NextHealthAsync(ct);
        one.TryPublish(BrokerChannel.Control, Number(1));

        await one.DisposeAsync();
        await one.DisposeAsync();

        Assert.That(one.TryPublish(BrokerChannel.Control, Number(2)), Is.False);
        two.TryPublish(BrokerChannel.Control, Number(3));
        (IBroker three, _) = await StartAsync(ct);
        three.TryPublish(BrokerChannel.Control, Number(4));
        Assert.That(
            await NumbersAsync(heardByTwo, 2, ct), Is.EqualTo(new[] { 1, 4 }), "what was published before is sent, what came after is not");
        Assert.That(heardByOne.Waiting, Is.Zero);
        Assert.That(heardByOne.TryTakeHealth(out _), Is.False, "the node stops; nobody needs to repair anything");
    }

    /// <summary>Another node, not started.</summary>
    protected abstract IBroker CreateBroker();

    /// <summary>Cuts all nodes off.</summary>
    protected abstract Task BreakAsync();

    protected abstract Task MendAsync();

    protected static byte[] Number(int number)
    {
        byte[] payload = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return payload;
    }

    protected static async Task<int[]> NumbersAsync(RecordingReceiver receiver, int count, CancellationToken ct) =>
        [.. (await receiver.TakeAsync(count, ct)).Select(item => BinaryPrimitives.ReadInt32LittleEndian(item.Payload))];

    protected IBroker Join()
    {
        IBroker broker = CreateBroker();
        _brokers.Add(broker);
        return broker;
    }

    /// <summary>A started node with one receiver for everything.</summary>
    protected async Task<(IBroker Broker, RecordingReceiver Heard)> StartAsync(CancellationToken ct)
    {
        IBroker broker = Join();
        RecordingReceiver receiver = new();
        foreach (BrokerTopic topic in Enum.GetValues<BrokerTopic>()) broker.Attach(topic, receiver);
        await broker.StartAsync(ct);
        return (broker, receiver);
    }

    private static int CodeOf(BrokerChannel channel) => (int)channel.Topic * 1000 + channel.Bucket;
}
