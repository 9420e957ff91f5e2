using System.Collections.Concurrent;
using Chat.Protocol.Codes;
using Chat.Sdk.Scheduled;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Scheduled messages, protocol-spec.md §8.14: what is told of them, and the calls.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ScheduledTests
{
    private const string Waiting =
        """
        {"id":81,"chatId":7,"clientMessageId":"5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c82","state":"waiting","dueAt":"2030-01-01T00:00:00+00:00",
         "createdAt":"2026-01-01T00:00:00+00:00","changedAt":"2026-01-02T00:00:00+00:00","version":2,
         "message":{"text":"At sea","replyTo":3,"content":{"kind":"voice","marks":[{"kind":"mention","start":0,"length":2,"principalId":4}],
           "media":{"blobId":"b","contentType":"audio/ogg","bytes":9,"durationMs":5,"waveform":[0,255]}}}}
        """;

    [Test, CancelAfter(10_000)]
    public async Task What_becomes_of_one_is_told(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        ConcurrentQueue<ScheduledChange> told = [];
        world.Client.Scheduled.Changed += told.Enqueue;

        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.ScheduledChanged, FakeServer.Me, null, null, FakeServer.ChatId) with { ReplyTo = 81 });
        await World.UntilAsync(() => !told.IsEmpty, ct);

        Assert.That(told.Single(), Is.EqualTo(new ScheduledChange(FakeServer.ChatId, 81)));
    }

    [Test, CancelAfter(10_000)]
    public async Task Each_call_goes_where_it_should_and_its_answer_is_read(CancellationToken ct)
    {
        List<(string Path, string Body)> calls = [];
        using FakeRest rest = new((request, body) =>
        {
            string path = request.RequestUri!.PathAndQuery;
            calls.Add(($"{request.Method} {path}", body));
            return (200, path.Contains('?', StringComparison.Ordinal) ? $$"""{"items":[{{Waiting}}],"nextCursor":"5.81"}""" : Waiting);
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        ScheduledClient scheduled = world.Client.Scheduled;
        DateTimeOffset due = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        MessageContent content = new()
        {
            Kind = ContentKind.Location,
            Marks = [new TextMark(MarkKind.Bold, 0, 2)],
            Location = new GeoLocation(53.5, 9.75, "The harbour"),
        };
        NewScheduledMessage wished = new(7, due, new ScheduledWords("At sea", 3, content));

        ScheduledMessage made = await scheduled.ScheduleAsync(wished, ct);
        ScheduledPage page = await scheduled.ListAsync(7, "4.80", 5, ct);
        await scheduled.ListAsync(cancellationToken: ct);
        await scheduled.ChangeAsync(81, dueAt: due, version: 2, cancellationToken: ct);
        await scheduled.ChangeAsync(81, words: new ScheduledWords("At home"), cancellationToken: ct);
        await scheduled.SendNowAsync(81, ct);
        await scheduled.CancelAsync(81, ct);

        Assert.That((made.Id, made.ChatId, made.State, made.DueAt, made.Version, made.Words!.ReplyTo, made.Sequence, made.Reason), Is.EqualTo(
            (81L, 7L, ScheduledState.Waiting, due, 2, (long?)3, (long?)null, (string?)null)));
        MessageContent read = made.Words.Content!;
        Assert.That((read.Kind, read.Marks.Single(), read.Media!.Duration), Is.EqualTo(
            (ContentKind.Voice, new TextMark(MarkKind.Mention, 0, 2, 4), (TimeSpan?)TimeSpan.FromMilliseconds(5))));
        Assert.That(read.Media.Waveform, Is.EqualTo(new byte[] { 0, 255 }));
        Assert.That((page.Items.Single().Id, page.NextCursor), Is.EqualTo((81L, "5.81")));
        Assert.That(calls.Select(call => call.Path), Is.EqualTo(new[]
        {
            "POST /api/chats/7/scheduled", "GET /api/scheduled?chat=7&limit=5&cursor=4.80", "GET /api/scheduled?limit=50", "PUT /api/scheduled/81",
            "PUT /api/scheduled/81", "POST /api/scheduled/81/send", "DELETE /api/scheduled/81",
        }));
        Assert.That(calls[0].Body, Is.EqualTo(
            """
            {"clientMessageId":"ID","dueAt":"2030-01-01T00:00:00+00:00","message":{"text":"At sea","replyTo":3,"content":{"kind":"location","marks":[{"kind":"bold","start":0,"length":2}],"location":{"latitude":53.5,"longitude":9.75,"name":"The harbour"}}}}
            """.Replace("ID", $"{wished.ClientMessageId}", StringComparison.Ordinal)));
        Assert.That(calls[3].Body, Is.EqualTo("""{"dueAt":"2030-01-01T00:00:00+00:00","version":2}"""));
        Assert.That(calls[4].Body, Is.EqualTo("""{"message":{"text":"At home"}}"""));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_sent_or_failed_and_states_of_a_later_version_are_read(CancellationToken ct)
    {
        const string Common =
            """
            "chatId":7,"clientMessageId":"5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c82","dueAt":"2030-01-01T00:00:00+00:00","createdAt":"2026-01-01T00:00:00+00:00","changedAt":"2026-01-02T00:00:00+00:00","version":3
            """;
        using FakeRest rest = new((_, _) => (200, $$"""
            {"items":[{"id":1,"state":"sent","message":null,"sequence":9,{{Common}}},{"id":2,"state":"failed","reason":"not_a_member","message":{"text":"x"},{{Common}}},
              {"id":3,"state":"dreamt",{{Common}}}]}
            """));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        IReadOnlyList<ScheduledMessage> items = (await world.Client.Scheduled.ListAsync(cancellationToken: ct)).Items;

        Assert.That(items.Select(item => (item.State, item.Sequence, item.Reason, item.Words?.Text)), Is.EqualTo(new (ScheduledState, long?, string?, string?)[]
        {
            (ScheduledState.Sent, 9, null, null), (ScheduledState.Failed, null, "not_a_member", "x"), (ScheduledState.Unknown, null, null, null),
        }));
    }
}
