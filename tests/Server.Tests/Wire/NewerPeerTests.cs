using System.Buffers.Binary;
using Chat.Domain.Accounts;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;

namespace Chat.Server.Tests.Wire;

/// <summary>F-32: a client of a later version, which appends fields that this server does not know (protocol-spec.md §11).</summary>
[TestFixture]
[Category("postgres")]
internal sealed class NewerPeerTests : ServerFixture
{
    /// <summary>A number, a text, a nested array and nil: what a later version might append.</summary>
    private static readonly byte[] Later = [0x2A, 0xA3, (byte)'n', (byte)'e', (byte)'w', 0x92, 0xC3, 0x90, 0xC0];

    private const int LaterCount = 4;

    [Test, CancelAfter(30_000)]
    public async Task Fields_of_a_later_version_are_passed_over_in_every_request(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient newer = await WireClient.ConnectAsync(Url, ct), present = await OnlineAsync(ben, ct);

        await newer.SendBytesAsync(
            Extend(new HelloRequest(ProtocolLimits.ProtocolVersion, anna.AccessToken, "newer", []), 1, elements: 6), ct);
        WelcomeReply welcome = await newer.NextAsync<WelcomeReply>(ct);
        await newer.SendBytesAsync(
            Extend(new SendMessageRequest(chat.ChatId, Guid.NewGuid(), "from the future", null), 2, elements: 7), ct);
        SentReply sent = await newer.NextAsync<SentReply>(ct);
        WireEvent seen = await present.NextEventAsync(ct);
        byte[] two =
        [
            .. Extend(new GetHistoryRequest(chat.ChatId, chat.HeadSequence, null, null), 3, elements: 6),
            .. Extend(new PingRequest(), 4, elements: 2),
        ];
        await newer.SendBytesAsync(two, ct);
        HistoryReply page = await newer.NextAsync<HistoryReply>(ct);
        await newer.NextAsync<OkReply>(ct);

        Assert.That(welcome.PrincipalId, Is.EqualTo(anna.PrincipalId));
        Assert.That((seen.Sequence, seen.Text), Is.EqualTo((sent.Sequence, "from the future")));
        Assert.That(page.Events.Select(row => row.Sequence), Is.EqualTo(new[] { sent.Sequence }));
    }

    /// <param name="elements">How many the array has in this version, type and request id included; those left out at the end are written
    /// as nil.</param>
    private static byte[] Extend<TRequest>(TRequest request, uint id, int elements)
        where TRequest : struct, IFrame<TRequest>
    {
        byte[] present = FrameEncoder.Encode(request, id);
        int written = present[4] & 0x0F;
        byte[] frame = [.. present, .. Enumerable.Repeat((byte)0xC0, elements - written), .. Later];
        frame[4] = (byte)(0x90 | (elements + LaterCount)); // a short array still
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)frame.Length - 4);
        return frame;
    }
}
