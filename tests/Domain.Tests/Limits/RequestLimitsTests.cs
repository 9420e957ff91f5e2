using Chat.Domain.Accounts;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Storage.Messages;
using Chat.Storage.People;

namespace Chat.Domain.Tests.Limits;

/// <summary>Rates of principals and chats, and what gives way first under load (promise P12).</summary>
[TestFixture]
[Category("postgres")]
[CancelAfter(30_000)]
internal sealed class RequestLimitsTests
{
    private const double Short = 0.85;

    private World _world = null!;

    [SetUp]
    public async Task MakeWorldAsync() => _world = await World.CreateAsync(new LimitSettings());

    [TearDown]
    public ValueTask DisposeWorldAsync() => _world.DisposeAsync();

    [Test]
    public async Task A_principal_sends_its_burst_and_is_then_told_how_long_to_wait()
    {
        Caller anna = await _world.PersonAsync(), ben = await _world.PersonAsync("Ben");
        long chat = await _world.GroupAsync(anna, ben);

        for (int i = 0; i < 60; i++) await _world.SendAsync(anna, chat);
        Failure? refused = (await SendAsync(anna, chat)).Failure;
        Result<SentMessage> others = await SendAsync(ben, chat);
        _world.Time.Advance(refused!.RetryAfter!.Value);
        Result<SentMessage> later = await SendAsync(anna, chat);

        Assert.That((refused.Code, refused.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(1))));
        Assert.That((others.IsOk, later.IsOk), Is.EqualTo((true, true)));
        Assert.That(later.Value.Sequence, Is.EqualTo(others.Value.Sequence + 1), "the refused one took no number");
    }

    [Test]
    public async Task A_visitor_sends_ten_messages_and_then_one_every_six_seconds()
    {
        Caller ben = await _world.PersonAsync("Ben");
        Caller visitor = await _world.PrincipalAsync(PrincipalKind.Visitor);
        long chat = await _world.GroupAsync(ben, visitor);
        Assert.That(_world.Tokens.Verify(_world.Tokens.Issue(visitor, out _), out Caller known, out _), Is.EqualTo(TokenVerdict.Valid));

        for (int i = 0; i < 10; i++) await _world.SendAsync(known, chat);
        Failure? refused = (await SendAsync(known, chat)).Failure;
        Result<SentMessage> persons = await SendAsync(ben, chat);
        _world.Time.Advance(TimeSpan.FromSeconds(6));
        Result<SentMessage> later = await SendAsync(known, chat), tooMany = await SendAsync(known, chat);

        Assert.That((refused?.Code, refused?.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(6))));
        Assert.That((persons.IsOk, later.IsOk, tooMany.Failure?.Code), Is.EqualTo((true, true, ErrorCode.RateLimited)));
    }

    [TestCase(PrincipalKind.Person, 1000, 10)]
    [TestCase(PrincipalKind.Visitor, 100, 600)]
    public void Requests_are_counted_by_kind_whatever_they_ask_for(PrincipalKind kind, int burst, int waitMs)
    {
        Caller caller = Of(1) with { Kind = kind };
        Failure?[] asked = [.. Enumerable.Range(0, burst + 1).Select(_ => _world.Limits.JudgeRequest(caller))];

        Assert.That(asked.Count(failure => failure is null), Is.EqualTo(burst));
        Assert.That((asked[^1]?.Code, asked[^1]?.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, (TimeSpan?)TimeSpan.FromMilliseconds(waitMs))));
        Assert.That(_world.Limits.JudgeRequest(caller with { PrincipalId = 2 }), Is.Null);
    }

    [Test]
    public void A_visitor_begins_five_uploads_a_minute()
    {
        Caller visitor = Of(1) with { Kind = PrincipalKind.Visitor };
        Failure?[] begun = [.. Enumerable.Range(0, 6).Select(_ => _world.Limits.JudgeUpload(visitor))];

        Assert.That(begun.Count(failure => failure is null), Is.EqualTo(5));
        Assert.That(begun[5]!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(12)));
    }

    [Test]
    public void Who_forwards_to_thirty_chats_and_goes_on_typing_is_not_hindered()
    {
        for (int chat = 0; chat < 30; chat++) Assert.That(_world.Limits.JudgeSend(Of(1), chat), Is.Null);
        for (int message = 0; message < 60; message++)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.That(_world.Limits.JudgeSend(Of(1), 7), Is.Null);
            if (message % 2 == 0) Assert.That(_world.Limits.JudgeOwnChange(Of(1)), Is.Null, "a draft in between");
        }
    }

    [Test]
    public void What_is_admitted_costs_no_memory()
    {
        Caller visitor = Of(1) with { Kind = PrincipalKind.Visitor };
        LiveSettings wide = new(new LimitSettings { Visitors = new KindLimits { SendsBurst = 1000 }, SendsBurst = 1000, ChatMessagesBurst = 1000 });
        RequestLimits limits = new(wide, _world.Load, _world.Fanout, _world.Time);
        for (int i = 0; i < 10; i++) Ask();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Ask();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Ask()
        {
            if (limits.JudgeSend(visitor, 7) is not null || limits.JudgeRequest(Of(2)) is not null) throw new InvalidOperationException("refused");
        }
    }

    [Test]
    public void A_chat_takes_no_more_than_its_rate_from_all_together()
    {
        int taken = 0;
        for (long principal = 1; principal <= 200; principal++)
            if (_world.Limits.JudgeSend(Of(principal), chatId: 7) is null) taken++;

        Assert.That(taken, Is.EqualTo(100));
        Assert.That(_world.Limits.JudgeSend(Of(999), chatId: 8), Is.Null);
    }

    [Test]
    public void Uploads_are_ten_a_minute_and_give_way_with_older_history()
    {
        Failure?[] begun = [.. Enumerable.Range(0, 11).Select(_ => _world.Limits.JudgeUpload(Of(1)))];

        Assert.That(begun.Count(failure => failure is null), Is.EqualTo(10));
        Assert.That(begun[10]!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(6)));
        Assert.That(_world.Limits.JudgeUpload(Of(2)), Is.Null);
        _world.Load.Refresh(0.76);
        Assert.That(_world.Limits.JudgeUpload(Of(2))?.Code, Is.EqualTo(ErrorCode.Busy));
    }

    [Test]
    public void Parts_links_and_downloads_have_rates_of_their_own_for_each_principal()
    {
        foreach ((Func<Caller, Failure?> judge, int burst) in (IEnumerable<(Func<Caller, Failure?>, int)>)
            [(_world.Limits.JudgePart, 100), (_world.Limits.JudgeLink, 200), (_world.Limits.JudgeDownload, 200)])
        {
            Failure?[] asked = [.. Enumerable.Range(0, burst + 1).Select(_ => judge(Of(1)))];

            Assert.That(asked.Count(failure => failure is null), Is.EqualTo(burst));
            Assert.That((asked[^1]!.Code, asked[^1]!.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, (TimeSpan?)TimeSpan.FromMilliseconds(50))));
            Assert.That(judge(Of(2)), Is.Null);
        }
    }

    [Test]
    public void A_refusal_by_a_busy_chat_costs_the_principal_nothing()
    {
        for (long other = 100; other < 200; other++) Assert.That(_world.Limits.JudgeSend(Of(other), chatId: 7), Is.Null);
        for (int i = 0; i < 50; i++) Assert.That(_world.Limits.JudgeSend(Of(1), chatId: 7)?.Code, Is.EqualTo(ErrorCode.RateLimited));

        Failure?[] elsewhere = [.. Enumerable.Range(0, 61).Select(_ => _world.Limits.JudgeSend(Of(1), chatId: 8))];

        Assert.That(elsewhere.Count(failure => failure is null), Is.EqualTo(60), "the whole burst, and no more");
        Assert.That(elsewhere[^1]?.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Who_lost_a_chat_hears_of_ten_queued_messages_at_once_and_of_two_more_each_second()
    {
        const long Gone = 7, Chat = 70;
        for (int refused = 0; refused < 10; refused++)
        {
            Assert.That(_world.Limits.JudgeSend(Of(Gone), Chat), Is.Null);
            _world.Limits.NoteRefusal(Gone, Chat);
        }

        Failure? limited = _world.Limits.JudgeSend(Of(Gone), Chat);

        Assert.That((limited?.Code, limited?.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromMilliseconds(500))));
    }

    [Test]
    public void Who_may_only_read_a_chat_neither_fills_it_nor_reaches_its_log_more_often()
    {
        const long Chat = 70, Writer = 1;
        int admitted = 0;
        for (long reader = 100; reader < 200; reader++)
        {
            _world.Fanout.Online[(Chat, reader)] = true;
            for (int attempt = 0; attempt < 20; attempt++)
            {
                if (_world.Limits.JudgeSend(Of(reader), Chat) is not null) continue;
                admitted++;
                _world.Limits.NoteRefusal(reader, Chat);
            }
        }

        Assert.That(admitted, Is.EqualTo(100 * 10), "a burst of ten refusals each");
        Assert.That(_world.Limits.JudgeSend(Of(Writer), Chat), Is.Null);
        Assert.That(_world.Limits.JudgeSend(Of(100), chatId: 71)?.Code, Is.EqualTo(ErrorCode.RateLimited), "not known as a member there");
    }

    [Test]
    public async Task Pages_that_close_a_gap_have_ten_times_the_rate_of_older_history()
    {
        Caller anna = await _world.PersonAsync();
        long chat = await _world.GroupAsync(anna);

        int older = await CountPagesAsync(anna, chat, after: null), catchUps = await CountPagesAsync(anna, chat, after: 0);

        Assert.That((older, catchUps), Is.EqualTo((10, 100)));
    }

    [Test]
    public void Typing_beyond_its_rate_is_dropped_without_a_word()
    {
        bool[] passed = [.. Enumerable.Range(0, 4).Select(_ => _world.Limits.AdmitsTyping(Of(1), 7))];

        Assert.That(passed, Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(_world.Limits.AdmitsTyping(Of(1), 8), "another chat");
    }

    [Test]
    public void Typing_of_one_person_is_not_counted_as_anothers_in_another_chat()
    {
        int passed = 0;
        for (long principal = 1; principal <= 200; principal++)
        {
            for (long chat = 1; chat <= 200; chat++)
                if (_world.Limits.AdmitsTyping(Of(principal), chat)) passed++;
        }

        bool[] second = [.. Enumerable.Range(1, 200).Select(chat => _world.Limits.AdmitsTyping(Of(1), chat))];

        Assert.That((passed, second), Is.EqualTo((200 * 200, Enumerable.Repeat(true, 200).ToArray())));
    }

    [TestCase(0.5, true, null, null, null)]
    [TestCase(0.72, false, null, null, null)]
    [TestCase(0.77, false, ErrorCode.Busy, null, null)]
    [TestCase(Short, false, ErrorCode.Busy, ErrorCode.Busy, ErrorCode.Busy)]
    public void Typing_gives_way_first_then_older_history_then_everything(
        double memory, bool typing, ErrorCode? history, ErrorCode? catchUp, ErrorCode? send)
    {
        _world.Load.Refresh(memory);

        Assert.That(_world.Limits.AdmitsTyping(Of(1), 7), Is.EqualTo(typing));
        Assert.That(_world.Limits.JudgeHistory(Of(1), isCatchingUp: false)?.Code, Is.EqualTo(history));
        Assert.That(_world.Limits.JudgeHistory(Of(1), isCatchingUp: true)?.Code, Is.EqualTo(catchUp));
        Assert.That(_world.Limits.JudgeSend(Of(1), 7)?.Code, Is.EqualTo(send));
    }

    [Test]
    public async Task Busy_stores_nothing_says_when_to_come_back_and_ends_with_its_reason()
    {
        Caller anna = await _world.PersonAsync();
        long chat = await _world.GroupAsync(anna);
        SendMessageInput message = new(chat, Guid.NewGuid(), "later", null);

        _world.Load.Refresh(Short);
        Result<SentMessage> refused = await _world.Send.ExecuteAsync(anna, message);
        _world.Load.Refresh(0.5);
        Result<SentMessage> taken = await _world.Send.ExecuteAsync(anna, message);

        Assert.That((refused.Failure!.Code, refused.Failure.RetryAfter > TimeSpan.Zero), Is.EqualTo((ErrorCode.Busy, true)));
        Assert.That(taken.Value.Sequence, Is.EqualTo(2), "right behind the group's first event");
    }

    [Test]
    public async Task A_stranger_reaches_the_log_a_few_times_and_a_member_is_not_held_up_by_his_own_mistakes()
    {
        Caller anna = await _world.PersonAsync(), eve = await _world.PersonAsync("Eve");
        long strange = await _world.GroupAsync(anna), own = await _world.GroupAsync(eve);
        _world.Fanout.Online[(own, eve.PrincipalId)] = true;

        List<ErrorCode> answers = [];
        for (int i = 0; i < 15; i++) answers.Add((await SendAsync(eve, strange)).Failure!.Code);
        Result<SentMessage> atHome = await SendAsync(eve, own);

        Assert.That(answers.Take(10), Is.All.EqualTo(ErrorCode.NotAMember));
        Assert.That(answers.Skip(10), Is.All.EqualTo(ErrorCode.RateLimited), "never an answer that the database did not give");
        Assert.That(atHome.IsOk);
    }

    [Test]
    public async Task A_stranger_gets_to_lock_a_chat_for_a_change_a_few_times_only()
    {
        Caller anna = await _world.PersonAsync(), eve = await _world.PersonAsync("Eve");
        long chatId = await _world.GroupAsync(anna);
        long message = await _world.SendAsync(anna, chatId);

        List<ErrorCode> answers = [];
        for (int i = 0; i < 15; i++)
            answers.Add((await _world.React.ExecuteAsync(eve, chatId, Guid.NewGuid(), message, "👍", default)).Failure!.Code);

        Assert.That(answers.Take(10), Is.All.EqualTo(ErrorCode.NotAMember));
        Assert.That(answers.Skip(10), Is.All.EqualTo(ErrorCode.RateLimited));
    }

    [Test]
    public async Task Changes_of_ones_own_count_as_messages_of_ones_own_and_make_no_chat_busy()
    {
        await using World strict = await World.CreateAsync(
            new LimitSettings { SendsPerSecond = 0.001, SendsBurst = 4, ChatMessagesPerSecond = 0.001, ChatMessagesBurst = 2, HistoryPerSecond = 0 });
        Caller anna = await strict.PersonAsync(), bert = await strict.PersonAsync("Bert");
        long chatId = await strict.DirectChatAsync(anna, bert);
        long message = await strict.SendAsync(anna, chatId);
        StarMessage star = new(new StarStore(strict.Source, strict.Events), strict.Limits);
        UpdateProfile profile = new(strict.Accounts, strict.Profiles, strict.Limits);

        for (int i = 0; i < 4; i++) Assert.That((await star.ExecuteAsync(bert, chatId, message, i % 2 == 0, default)).IsOk);
        Result<Done> starred = await star.ExecuteAsync(bert, chatId, message, true, default);
        Result<Profile> renamed = await profile.ExecuteAsync(bert, new ProfileChange("Ben", null, null), default);
        UpdatePrivacy privacy = new(strict.Profiles, strict.Limits, strict.Privacy);
        Result<Privacy> hidden = await privacy.ExecuteAsync(bert, Audience.Nobody, null, null, null, null, default);

        ErrorCode?[] codes = [starred.Failure?.Code, renamed.Failure?.Code, hidden.Failure?.Code];
        Assert.That(codes, Is.All.EqualTo(ErrorCode.RateLimited));
        Assert.That(strict.Limits.JudgeSend(anna, chatId), Is.Null, "only bert is held up");
    }

    [Test]
    public async Task Who_joins_after_being_refused_is_let_through_when_the_wait_is_over()
    {
        Caller anna = await _world.PersonAsync(), eve = await _world.PersonAsync("Eve");
        long chat = await _world.GroupAsync(anna);
        for (int i = 0; i < 11; i++) await SendAsync(eve, chat);
        await _world.AddMembers.ExecuteAsync(anna, chat, [eve.PrincipalId], default);

        Failure? refused = (await SendAsync(eve, chat)).Failure;
        _world.Time.Advance(refused!.RetryAfter!.Value);

        Assert.That((await SendAsync(eve, chat)).IsOk);
    }

    private static Caller Of(long principalId) => new(principalId, 1);

    private ValueTask<Result<SentMessage>> SendAsync(Caller sender, long chat) =>
        _world.Send.ExecuteAsync(sender, new SendMessageInput(chat, Guid.NewGuid(), "hello", null));

    private async Task<int> CountPagesAsync(Caller reader, long chat, long? after)
    {
        for (int pages = 0; ; pages++)
        {
            Result<HistoryPage> page = await _world.ReadHistory.ExecuteAsync(reader, chat, after, null, null, default);
            if (page.IsOk) continue;
            Assert.That(page.Failure.Code, Is.EqualTo(ErrorCode.RateLimited));
            return pages;
        }
    }
}
