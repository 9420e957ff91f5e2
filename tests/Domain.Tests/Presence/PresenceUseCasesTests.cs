using Chat.Domain.Presence;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Presence;

public sealed class PresenceUseCasesTests : WorldFixture
{
    private static long _lastSession;

    private WatchPresence Watch => new(World.Principals, World.Registry, World.Privacy);

    private GetPrincipals Principals => new(World.Principals);

    private SetTyping Typing => new(World.Fanout, World.Chats, World.Limits, World.DirectBlocks);

    [Test, CancelAfter(20_000)]
    public async Task Those_who_share_a_chat_now_are_watched_and_others_are_left_out(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        Caller gone = await World.PersonAsync("Gone");
        Caller dora = await World.PersonAsync("Dora");
        long chatId = await World.GroupAsync(anna, bert, gone);
        await World.Memberships.LeaveAsync(chatId, gone.PrincipalId, ct);
        RecordingSubscriber session = Online(anna);
        Online(bert);

        IReadOnlyList<WirePresence> state = (await Watch.ExecuteAsync(
            anna, session, [bert.PrincipalId, gone.PrincipalId, dora.PrincipalId, 1L << 50, bert.PrincipalId, -1], ct)).Value;
        Online(gone);
        Online(dora);

        Assert.That(state, Is.EqualTo(new WirePresence[] { new(bert.PrincipalId, true) }));
        Assert.That(session.Pushed, Is.Empty, "neither of the others is watched");
    }

    [Test, CancelAfter(20_000)]
    public async Task Last_seen_is_stored_and_shown_after_a_restart(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        await World.DirectChatAsync(anna, bert);
        RecordingSubscriber session = Online(anna);
        RecordingSubscriber ofBert = Online(bert);
        long leftAt = World.Time.GetUtcNow().ToUnixTimeMilliseconds();

        World.Registry.Offline(ofBert);
        World.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await World.Registry.Saving.WaitAsync(ct), Is.True);

        Assert.That((await World.Accounts.FindAsync(bert.PrincipalId, ct))!.LastSeenAtMs, Is.EqualTo(leftAt));
        WirePresence shown = (await Watch.ExecuteAsync(anna, session, [bert.PrincipalId], ct)).Value.Single();
        Assert.That(shown, Is.EqualTo(new WirePresence(bert.PrincipalId, false, leftAt)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Nobody_and_too_many_to_watch(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        await World.DirectChatAsync(anna, bert);
        RecordingSubscriber session = Online(anna);
        Assert.That((await Watch.ExecuteAsync(anna, session, [bert.PrincipalId], ct)).Value, Has.Count.EqualTo(1));

        FailureAssert.Failed(
            await Watch.ExecuteAsync(anna, session, [.. Enumerable.Range(1, 201).Select(i => (long)i)], ct), ErrorCode.InvalidArgument, "principal_ids");
        Assert.That((await Watch.ExecuteAsync(anna, session, [], ct)).Value, Is.Empty);
        Online(bert);

        Assert.That(session.Pushed, Is.Empty, "an empty list ends the watching");
    }

    [Test, CancelAfter(20_000)]
    public async Task Principals_are_named_to_those_who_share_or_shared_a_chat(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller gone = await World.PersonAsync("Gone");
        Caller dora = await World.PersonAsync("Dora");
        long chatId = await World.GroupAsync(anna, gone);
        await World.Memberships.LeaveAsync(chatId, gone.PrincipalId, ct);

        IReadOnlyList<WirePrincipal> named = (await Principals.ExecuteAsync(
            anna, [anna.PrincipalId, gone.PrincipalId, dora.PrincipalId, 1L << 50], ct)).Value;

        Assert.That(named, Is.EquivalentTo(new WirePrincipal[]
        {
            new(anna.PrincipalId, PrincipalKind.Person, "Anna"),
            new(gone.PrincipalId, PrincipalKind.Person, "Gone"),
        }));
        FailureAssert.Failed(await Principals.ExecuteAsync(anna, [], ct), ErrorCode.InvalidArgument, "principal_ids");
        FailureAssert.Failed(
            await Principals.ExecuteAsync(anna, [.. Enumerable.Range(1, 201).Select(i => (long)i)], ct), ErrorCode.InvalidArgument, "principal_ids");
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(20_000)]
    public async Task Typing_goes_to_the_chat_except_to_the_session_that_types(bool knownInMemory, CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        long chatId = await World.GroupAsync(anna);
        if (knownInMemory) World.Fanout.Online[(chatId, anna.PrincipalId)] = true;

        Assert.That((await Typing.ExecuteAsync(anna, chatId, true, 901, ct)).IsOk);
        Assert.That((await Typing.ExecuteAsync(anna, chatId, false, 901, ct)).IsOk);

        (long ChatId, byte[] Frame, long ExceptSessionId)[] published = [.. World.Fanout.Published.Where(push => push.ChatId == chatId)];
        Assert.Multiple(() =>
        {
            Assert.That(published.Select(push => PushFrames.Read<TypingPush>(push.Frame)), Is.EqualTo(new TypingPush[]
            {
                new(chatId, anna.PrincipalId, true),
                new(chatId, anna.PrincipalId, false),
            }));
            Assert.That(published.Select(push => push.ExceptSessionId), Is.All.EqualTo(901));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Who_is_no_member_cannot_type(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller dora = await World.PersonAsync("Dora");
        long chatId = await World.GroupAsync(anna);

        FailureAssert.Failed(await Typing.ExecuteAsync(dora, chatId, true, 902, ct), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Typing.ExecuteAsync(anna, 1L << 50, true, 902, ct), ErrorCode.ChatNotFound, "chat_id");

        Assert.That(World.Fanout.Published.Where(push => push.ExceptSessionId == 902), Is.Empty);
    }

    [Test, CancelAfter(20_000)]
    public async Task The_end_of_the_process_stores_when_those_who_are_here_were_seen(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        Caller bert = await World.PersonAsync("Bert");
        PresenceRegistry registry = new(
            new PrincipalStore(World.Source), new PresenceOptions(), World.Time, NullLogger<PresenceRegistry>.Instance);
        RecordingSubscriber leaving = new(Interlocked.Increment(ref _lastSession), bert.PrincipalId);
        registry.Online(new RecordingSubscriber(Interlocked.Increment(ref _lastSession), anna.PrincipalId));
        registry.Online(leaving);
        registry.Offline(leaving);
        long now = World.Time.GetUtcNow().ToUnixTimeMilliseconds();

        await registry.DisposeAsync();

        foreach (Caller person in new[] { anna, bert })
            Assert.That((await World.Accounts.FindAsync(person.PrincipalId, ct))!.LastSeenAtMs, Is.EqualTo(now));
    }

    private RecordingSubscriber Online(Caller caller)
    {
        RecordingSubscriber session = new(Interlocked.Increment(ref _lastSession), caller.PrincipalId);
        World.Registry.Online(session);
        return session;
    }
}
