using Chat.Domain.Push;
using Chat.Storage.Push;
using Npgsql;

namespace Chat.Domain.Tests.Push;

/// <summary>What waited is sent as it is by then, or not at all.</summary>
[NonParallelizable]
public sealed class RenewPushTests : PushFixture
{
    [Test, CancelAfter(60_000)]
    public async Task What_was_put_off_says_what_is_so_when_it_is_tried_again(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync(), gone = await SubscriberAsync("Carla"), read = await SubscriberAsync("Dora");
        Caller quiet = await SubscriberAsync("Emil");
        long chatId = await World.GroupAsync(anna, bert, gone, read, quiet);
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Later, Reason: "503");
        long first = await World.SendAsync(anna, chatId, "teh text");
        Assert.That(await TellAsync(bert, gone, read, quiet), Has.Length.EqualTo(4));
        Service.Sent.Clear();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Taken);
        Assert.That((await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), first, "the text", ct)).IsOk);
        Assert.That((await Remove.ExecuteAsync(gone, ct)).IsOk);
        Assert.That((await World.MarkRead.ExecuteAsync(read, chatId, first)).IsOk);
        await ExecuteAsync("update push_subscriptions set content = 3 where device_id = $1", quiet.DeviceId);
        Note();
        Time.Advance(TimeSpan.FromSeconds(5));
        Queue.Tick();
        await IdleAsync();

        Assert.That((string)Told(bert).Single()["text"]!, Is.EqualTo("the text"));
        Assert.That(Told(gone, read), Is.Empty);
        Assert.That(Told(quiet).Single().ContainsKey("text"), Is.False, "the person changed their mind");
        Assert.That(Service.Sent.First().Notice.TimeToLive, Is.LessThan(Options.TimeToLive - TimeSpan.FromSeconds(4)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_newer_message_takes_the_place_of_one_that_was_put_off_and_counts_both()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long chatId = await World.GroupAsync(anna, bert);
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Later, TimeSpan.FromSeconds(60), "503");
        await World.SendAsync(anna, chatId, "one");
        await TellAsync();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Taken);
        await World.SendAsync(anna, chatId, "two");
        Assert.That(await TellAsync(bert), Has.Length.EqualTo(1), "the service wants to be left alone for a minute");
        Time.Advance(TimeSpan.FromSeconds(61));
        Queue.Tick();
        await IdleAsync();

        Assert.That(Told(bert).Skip(1).Select(told => ((string)told["text"]!, (int)told["count"]!)), Is.EqualTo(new[] { ("two", 2) }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_put_off_is_not_shown_to_another_person_who_has_the_browser_now_nor_after_a_mute(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), bert = await SignInAsync(await World.PersonAsync("Bert")), muted = await SubscriberAsync("Carla");
        Caller other = await SignInAsync(await World.PersonAsync("Dora"));
        PushInput browser = Input();
        Assert.That((await Set.ExecuteAsync(bert, browser, ct)).Failure, Is.Null);
        long chatId = await World.GroupAsync(anna, bert, muted, other);
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Later, Reason: "503");
        await World.SendAsync(anna, chatId, "for Bert");
        Assert.That(await TellAsync(bert, muted), Has.Length.EqualTo(2));
        Service.Sent.Clear();
        Service.Answer = (_, _) => new PushAnswer(PushOutcome.Taken);
        Assert.That((await Set.ExecuteAsync(other, browser, ct)).Failure, Is.Null);
        await ExecuteAsync("update members set muted_until = now() + interval '1 day' where chat_id = $1 and principal_id = $2", chatId, muted.PrincipalId);
        Time.Advance(TimeSpan.FromSeconds(5));
        Queue.Tick();
        await IdleAsync();

        Assert.That(Service.Sent, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_fails_as_the_database_is_away_is_told_later()
    {
        Caller anna = await World.PersonAsync(), bert = await SubscriberAsync();
        long chatId = await World.GroupAsync(anna, bert);
        await World.SendAsync(anna, chatId, "patience");
        Note();
        Time.Advance(Options.Settling);
        await using NpgsqlDataSource away = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        TellAway failing = new(News, new PushReceivers(away), Connected, Notices, Queue);
        Assert.That(async () => await failing.ExecuteAsync(default), Throws.InstanceOf<AggregateException>());
        Assert.That(Service.Sent, Is.Empty);

        Assert.That((string)(await TellAsync(bert)).Single()["text"]!, Is.EqualTo("patience"));
    }
}
