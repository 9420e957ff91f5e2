using Chat.Protocol.Codes;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>R-080, R-082, R-046, R-087: what a message is beside its text, protocol-spec.md §6.35.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessageContentTests
{
    private static readonly MessageContent Photo = new()
    {
        Kind = ContentKind.Image,
        Marks = [new TextMark(MarkKind.Bold, 0, 4)],
        Media = new MessageMedia
        {
            BlobId = "b1",
            ContentType = "image/jpeg",
            Bytes = 9,
            FileName = "a.jpg",
            Width = 3,
            Height = 2,
            Preview = "L1",
            Duration = TimeSpan.FromSeconds(1),
            Waveform = [0, 255],
        },
    };

    [Test, CancelAfter(10_000)]
    public async Task Contents_come_back_as_they_were_sent(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        MessageContent place = new() { Kind = ContentKind.Location, Location = new GeoLocation(-33.86882, -179.99999999, "There") };
        MessageContent card = new() { Kind = ContentKind.Contact, Contact = "BEGIN:VCARD\nVERSION:4.0\nFN:Bert\nEND:VCARD" };

        await world.Chat.Send("look", content: Photo).Sent;
        await world.Chat.Send("", content: place).Sent;
        await world.Chat.Send("", content: card).Sent;
        await reader.WaitForAsync(3, ct);

        MessageContent[] read = [.. reader.Events.OfType<ChatMessage>().Select(message => message.Content!)];
        Assert.That(read[0].Marks, Is.EqualTo(Photo.Marks));
        Assert.That(read[0].Media! with { Waveform = Photo.Media!.Waveform }, Is.EqualTo(Photo.Media));
        Assert.That(read[0].Media!.Waveform, Is.EqualTo(Photo.Media.Waveform));
        Assert.That((read[1].Location, read[2].Contact), Is.EqualTo((place.Location, card.Contact)));
        Assert.That(() => world.Chat.Send("", content: place with { Location = new GeoLocation(91, 0) }), Throws.ArgumentException);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_message_is_passed_on_with_its_content_and_an_edit_takes_its_marks(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        await world.Chat.Send("look", content: Photo).Sent;
        await reader.WaitForAsync(1, ct);
        var first = (ChatMessage)reader.Events[0];
        await world.Chat.Forward(first).Sent;
        await reader.WaitForAsync(2, ct);
        await world.Chat.Forward((ChatMessage)reader.Events[1]).Sent;
        await world.Chat.EditAsync(first.Sequence, "see", ct);
        await world.Chat.DeleteAsync(first.Sequence, ct);
        await reader.WaitForAsync(5, ct);

        ChatMessage[] all = [.. reader.Events.OfType<ChatMessage>()];
        ChatMessageChange[] changes = [.. reader.Events.OfType<ChatMessageChange>()];
        ChatMessage edited = first.With(changes[0]), gone = edited.With(changes[1]);
        Assert.That(all.Select(message => message.Content!.Forwarded), Is.EqualTo(new int?[] { null, 1, 2 }));
        Assert.That((edited.Text, edited.Content!.Marks.Count, edited.Content.Kind), Is.EqualTo(("see", 0, ContentKind.Image)));
        Assert.That(gone.Content, Is.Null);
        Assert.That(() => world.Chat.Forward(gone), Throws.ArgumentException);
    }
}
