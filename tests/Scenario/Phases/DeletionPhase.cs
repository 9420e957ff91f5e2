using System.Text.Json.Nodes;

using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>
/// A group and a channel that are deleted for everyone while some devices are away: in the evening no device shows anything of them. They are
/// nobody's otherwise, so that what is said there is not asked for.
/// </summary>
internal sealed class DeletionPhase
{
    private const string Handle = "passing_news";

    private Person[] _people = [];
    private long _group;
    private long _channel;

    /// <summary>Makes them, and has everybody leave something there that goes with them.</summary>
    public IPhase Making => new Part("a group and a channel that will not last", MakeAsync);

    public IPhase Deleting => new Part("the group and the channel are deleted for everyone", DeleteAsync);

    private async Task MakeAsync(DayStage stage, CancellationToken ct)
    {
        _people = [.. stage.People.Take(DeparturePhase.People + 2)];
        Person maker = _people[0];
        JsonObject group = new() { ["name"] = "Only for now", ["memberIds"] = new JsonArray([.. _people.Skip(1).Select(person => (JsonNode)person.Id)]) };
        _group = (await stage.DoAsync(stage.DeviceOf(maker), "createGroup", group, ct))!["chatId"]!.GetValue<long>();
        JsonObject channel = new() { ["name"] = "Passing news", ["handle"] = Handle };
        _channel = (await stage.DoAsync(stage.DeviceOf(maker), "createChannel", channel, ct))!["chatId"]!.GetValue<long>();
        foreach (Person reader in _people.Skip(1))
            await stage.DoAsync(stage.DeviceOf(reader), "subscribe", new JsonObject { ["handle"] = Handle }, ct);

        foreach (long chatId in (long[])[_group, _channel])
        {
            JsonObject message = new() { ["chatId"] = chatId, ["text"] = "Soon gone" };
            JsonNode sent = (await stage.DoAsync(stage.DeviceOf(maker), "send", message, ct))!;
            foreach (Person person in _people)
            {
                JsonObject star = new() { ["chatId"] = chatId, ["sequence"] = sent["sequence"]!.GetValue<long>() };
                await stage.DoAsync(stage.DeviceOf(person), "star", star, ct);
                await stage.DoAsync(stage.DeviceOf(person), "draft", new JsonObject { ["chatId"] = chatId, ["text"] = "I wanted to say" }, ct);
            }
        }
    }

    private async Task DeleteAsync(DayStage stage, CancellationToken ct)
    {
        Person maker = _people[0], member = _people[1];
        foreach (long chatId in (long[])[_group, _channel])
        {
            JsonObject chat = new() { ["chatId"] = chatId };
            await stage.MustNotAsync(stage.DeviceOf(member), "deleteChat", (JsonObject)chat.DeepClone(), "not_allowed", ct);
            for (int twice = 0; twice < 2; twice++) await stage.DoAsync(stage.DeviceOf(maker), "deleteChat", (JsonObject)chat.DeepClone(), ct);
            JsonObject message = new() { ["chatId"] = chatId, ["text"] = "Still here?" };
            foreach (Person person in _people)
                await stage.MustNotAsync(stage.DeviceOf(person), "send", (JsonObject)message.DeepClone(), "chat_deleted", ct);
        }

        await stage.MustNotAsync(stage.DeviceOf(member), "subscribe", new JsonObject { ["handle"] = Handle }, "invite_not_found", ct);
    }

    private sealed class Part(string title, Func<DayStage, CancellationToken, Task> run) : IPhase
    {
        public string Title => title;

        public Task RunAsync(DayStage stage, CancellationToken ct) => run(stage, ct);
    }
}
