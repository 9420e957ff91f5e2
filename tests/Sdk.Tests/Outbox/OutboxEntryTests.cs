using System.Text;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Outbox;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Outbox;

/// <summary>The bytes that one version writes and the next one reads.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class OutboxEntryTests
{
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly DateTimeOffset QueuedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Test]
    public void The_form_of_an_entry_does_not_change()
    {
        OutboxEntry queued = new(5, QueuedAt, WentOut: false, null, new SendMessageRequest(7, Id, "hi"));
        ChatException failure = new(206, "blocked", "ä", retryable: true);
        OutboxEntry failed = new(6, QueuedAt, WentOut: true, failure, new SendMessageRequest(7, Id, "hi", 3));

        Assert.That(Convert.ToHexString(queued.ToBytes()), Is.EqualTo(
            "01" + "0500000000000000" + "7B68E5CF8B010000" + "00" + "19000000" + "95" + "04" + "01" + "07" + "C410" + "00112233445566778899AABBCCDDEEFF" + "A26869"));
        Assert.That(Convert.ToHexString(failed.ToBytes()), Is.EqualTo(
            "01" + "0600000000000000" + "7B68E5CF8B010000" + "07" + "CE000000" + "0700" + "626C6F636B6564" + "0200" + "C3A4"
            + "1A000000" + "96" + "04" + "01" + "07" + "C410" + "00112233445566778899AABBCCDDEEFF" + "A26869" + "03"));
        foreach (OutboxEntry entry in (OutboxEntry[])[queued, failed])
        {
            Assert.That(OutboxEntry.TryRead(entry.ToBytes(), out OutboxEntry read), Is.True);
            Assert.That(read with { Failure = null }, Is.EqualTo(entry with { Failure = null }));
            Assert.That(read.Failure?.ToString(), Is.EqualTo(entry.Failure?.ToString()));
            Assert.That((read.Failure?.Code, read.Failure?.Name, read.Failure?.Retryable), Is.EqualTo((entry.Failure?.Code, entry.Failure?.Name, entry.Failure?.Retryable)));
        }
    }

    [Test]
    public void The_form_of_a_file_does_not_change()
    {
        using TempFolder folder = new();
        string file = Path.Combine(folder.Path, "chat.test-12.outbox");
        byte[] bytes = Convert.FromHexString(
            Convert.ToHexString("chat outbox 1\n"u8) + "0102030405060708" + "0C00" + Convert.ToHexString("chat.test 12"u8) + "F08F8701"
            + "13000000" + "7EE53574" + "01" + Convert.ToHexString(Id.ToByteArray()) + "6869");
        File.WriteAllBytes(file, bytes);

        using FileOutboxStore store = new(folder.Path, new Uri("http://chat.test"), 12);

        Assert.That(store.DamagedBytes, Is.Zero);
        Assert.That(store.Load().Select(entry => Encoding.UTF8.GetString(entry.Span)), Is.EqualTo(new[] { "hi" }));
    }

    [Test]
    public void A_request_that_no_frame_holds_is_refused()
    {
        WireContent content = new(ContentKind.Contact, null, [], null, null, new string('x', ProtocolLimits.MaxClientFrameBytes));
        OutboxEntry entry = new(1, QueuedAt, WentOut: false, null, new SendMessageRequest(7, Id, "", null, content));

        Assert.That(() => entry.ToBytes(), Throws.TypeOf<ChatException>().With.Property("Name").EqualTo("request_too_large"));
    }

    [Test]
    public void Bytes_that_are_no_entry_are_refused_without_a_fault()
    {
        int seed = TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] whole = new OutboxEntry(
            6, QueuedAt, WentOut: true, new ChatException(ErrorCode.Blocked, "a reason"), new SendMessageRequest(7, Id, "some text", 3)).ToBytes();

        for (int length = 0; length < whole.Length; length++) Assert.That(OutboxEntry.TryRead(whole.AsMemory(0, length), out _), Is.False, $"{length} bytes");
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (OutboxEntry.TryRead(bytes, out OutboxEntry entry)) Assert.That(entry.ToBytes(), Is.Not.Empty);
        }
    }
}
