using System.Text.Json.Nodes;

using Chat.Load.Seed;
using Chat.Scenario.Stage;

using Npgsql;

namespace Chat.Scenario.Phases;

/// <summary>
/// A channel of 20,000: everybody of the day subscribes by its public name or a link, through the server. The others have no device, and
/// would be 20,000 password hashes and as many subscriptions one after another, so their rows are put into the database by one statement,
/// as <c>Joining.SubscribeAsync</c> writes them; only their inboxes do not tell of it.
/// </summary>
internal sealed class ChannelPhase : IPhase
{
    private const string AddReaders = """
        with channel as materialized (select id, head_sequence as head from chats where id = $1 for update),
        past as (
            insert into members (chat_id, principal_id, role, joined_at_sequence, left_at_sequence, delivered_up_to, read_up_to)
            select id, reader, 1, 1, head, head, head from channel, unnest($2) as reader
        ),
        present as (
            insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
            select id, reader, 1, head + 1, head, head from channel, unnest($2) as reader
        )
        update chats set member_count = member_count + cardinality($2) where id = (select id from channel)
        """;

    public string Title => "a channel with 20,000 readers";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        Person editor = stage.People[0];
        JsonObject described = new() { ["name"] = "The daily news", ["description"] = "What happens", ["handle"] = "daily_news" };
        JsonNode? made = await stage.DoAsync(stage.DeviceOf(editor), "createChannel", described, ct);
        ScenarioChat channel = stage.Add(new ScenarioChat(made!["chatId"]!.GetValue<long>(), ScenarioChatKind.Channel, [editor], [editor]));
        await stage.SendAsync(channel, editor, stage.DeviceOf(editor), "send", new JsonObject { ["text"] = "Welcome, all of you" }, ct);
        await AddReadersAsync(stage, channel.Id, ct);

        JsonNode? invite = await stage.DoAsync(stage.DeviceOf(editor), "createInvite", new JsonObject { ["chatId"] = channel.Id }, ct);
        foreach (Person reader in stage.People.Skip(1))
        {
            bool isByLink = reader.Index % 3 == 0;
            JsonObject way = isByLink
                ? new JsonObject { ["code"] = invite!["code"]!.GetValue<string>() }
                : new JsonObject { ["handle"] = "daily_news" };
            await stage.DoAsync(stage.DeviceOf(reader), isByLink ? "join" : "subscribe", way, ct);
            channel.Members.Add(reader);
        }

        Person plain = stage.People[1];
        await stage.MustNotAsync(stage.DeviceOf(plain), "send", new JsonObject { ["chatId"] = channel.Id, ["text"] = "Me too" }, "not_allowed", ct);
        JsonObject promotion = new() { ["chatId"] = channel.Id, ["principalId"] = plain.Id, ["role"] = "admin" };
        await stage.DoAsync(stage.DeviceOf(editor), "role", promotion, ct);
        channel.Admins.Add(plain);
    }

    private static async Task AddReadersAsync(DayStage stage, long channelId, CancellationToken ct)
    {
        SeededChats seeded = await new Seeder(stage.Server.Target, TimeProvider.System).SeedAsync(stage.Options.SilentReaders, [], ct);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(stage.Server.Target.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(AddReaders);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = channelId });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. seeded.Accounts.Select(account => account.PrincipalId)] });
        await command.ExecuteNonQueryAsync(ct);
    }
}
