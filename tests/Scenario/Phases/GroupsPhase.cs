using System.Text.Json.Nodes;

using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Groups of different sizes and direct chats are made, and who may do what in a group is tried.</summary>
internal sealed class GroupsPhase : IPhase
{
    private const int DirectChats = 24;
    private const int AtOnce = 6;
    private static readonly int[] Sizes = [3, 4, 6, 8, 12, 24];

    public string Title => "groups and direct chats are made";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        Crowd crowd = new(AtOnce);
        foreach ((int n, int size) in Sizes.Index()) await crowd.StartAsync(() => Group(stage, n, size, ct), ct);
        for (int n = 0; n < DirectChats; n++) await crowd.StartAsync(() => Direct(stage, ct), ct);
        await crowd.EndAsync();
    }

    private static Func<Task> Group(DayStage stage, int number, int size, CancellationToken ct)
    {
        Person[] people = [.. stage.People];
        stage.Random.Shuffle(people);
        Person[] members = people[..size];
        Devices.Device device = stage.DeviceOf(members[0]);
        return async () =>
        {
            JsonObject args = new() { ["name"] = $"Group {number}", ["memberIds"] = Ids(members.Skip(1)) };
            JsonNode? made = await stage.DoAsync(device, "createGroup", args, ct);
            stage.Add(new ScenarioChat(made!["chatId"]!.GetValue<long>(), ScenarioChatKind.Group, members, [members[0]]));
        };
    }

    private static Func<Task> Direct(DayStage stage, CancellationToken ct)
    {
        Person one = stage.Pick(stage.People);
        Person other = stage.Pick(stage.People.Where(person => person != one).ToList());
        Devices.Device device = stage.DeviceOf(one);
        return async () =>
        {
            JsonNode? made = await stage.DoAsync(device, "openDirect", new JsonObject { ["principalId"] = other.Id }, ct);
            stage.Add(new ScenarioChat(made!["chatId"]!.GetValue<long>(), ScenarioChatKind.Direct, [one, other], []));
        };
    }

    private static JsonArray Ids(IEnumerable<Person> people) => new([.. people.Select(person => JsonValue.Create(person.Id))]);
}
