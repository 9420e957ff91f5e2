using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Storage.Scheduled;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Scheduled;

/// <summary>The use cases of scheduled messages on one database.</summary>
public abstract class ScheduledFixture : WorldFixture
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private protected ScheduledStore Store => new(World.Source, World.Events);

    private protected ScheduledQueue Queue => new(World.Source, World.Events);

    private protected ScheduleMessage Schedule => new(Store, World.Send, World.Limits, new MediaOptions());

    private protected ChangeScheduled Change => new(Store, World.Send, World.Limits, new MediaOptions());

    private protected CancelScheduled Cancel => new(Store, World.Limits, new MediaOptions());

    private protected ListScheduled Lists => new(Store, World.Limits);

    private protected SendDueMessages Sender => SenderOf(World.Send);

    private protected static DateTimeOffset Later => In(TimeSpan.FromHours(1));

    private protected static DateTimeOffset In(TimeSpan time) =>
        DateTimeOffset.FromUnixTimeMilliseconds((TimeProvider.System.GetUtcNow() + time).ToUnixTimeMilliseconds());

    private protected static SendMessageInput Text(long chatId, string text = "later", long? replyTo = null) =>
        new(chatId, Guid.NewGuid(), text, replyTo);

    private protected SendDueMessages SenderOf(SendMessage send) => new(Queue, send, World.Load, World.Time, NullLogger<SendDueMessages>.Instance);

    private protected async Task<ScheduledMessage> ScheduleAsync(Caller caller, SendMessageInput input, DateTimeOffset? dueAt = null) =>
        (await Schedule.ExecuteAsync(caller, input, dueAt ?? Later, default)).Value;

    /// <summary>A message of Anna's in a group with Bert.</summary>
    private protected async Task<(Caller Anna, Caller Bert, long ChatId, ScheduledMessage Message)> WaitingAsync(string text = "later")
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        return (anna, bert, chatId, await ScheduleAsync(bert, Text(chatId, text)));
    }

    /// <summary>One in whatever state, as its sender's repeated request would find it.</summary>
    private protected async Task<ScheduledMessage> FindAsync(Caller caller, long id) =>
        ScheduledMessage.From((await Store.FindAsync(caller.PrincipalId, id, default))!);

    /// <summary>The database's clock decides, and it cannot be moved: so the message is.</summary>
    private protected Task MakeDueAsync(params ScheduledMessage[] messages) => ExecuteAsync(
        """
        update scheduled_messages set due_at = now() - interval '1 minute' + (due_at - '2020-01-01') / 1e8, next_at = now() - interval '1 second'
        where id = any($1)
        """,
        messages.Select(message => message.Id).ToArray());

    private protected async Task SendAllAsync(SendDueMessages sender)
    {
        while (await sender.ExecuteAsync(default) > 0)
        {
        }
    }

    private protected async Task<string[]> TextsAsync(long chatId)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(
            "select coalesce(array_agg(body order by sequence), '{}') from events where chat_id = $1 and kind = 1");
        command.Parameters.Add(new NpgsqlParameter { Value = chatId });
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    private protected async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    private protected async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
