using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>In every group: another name, people who come, go, are removed and come back, roles, permissions, links; and who must not do it.</summary>
internal sealed class MembershipPhase(int round) : IPhase
{
    private const int AtOnce = 6;

    public string Title => $"who is in which group, round {round}";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        Crowd crowd = new(AtOnce);
        foreach (ScenarioChat group in stage.Chats.Where(chat => chat.Kind == ScenarioChatKind.Group))
            await crowd.StartAsync(() => InGroup(stage, group, ct), ct);
        await crowd.EndAsync();
    }

    /// <summary>The choices are drawn here; then everything happens in turn, beside the other groups.</summary>
    private Func<Task> InGroup(DayStage stage, ScenarioChat group, CancellationToken ct)
    {
        Person admin = stage.Pick<Person>([.. group.Admins]);
        Person[] plain = [.. group.Members.Where(person => !group.Admins.Contains(person)).OrderBy(person => person.Index)];
        Person[] outside = [.. stage.People.Except(group.Members)];
        stage.Random.Shuffle(plain);
        stage.Random.Shuffle(outside);
        Device adminDevice = stage.DeviceOf(admin);
        Dictionary<Person, Device> devices = stage.People.ToDictionary(person => person, stage.DeviceOf);
        return async () =>
        {
            await Do(adminDevice, "rename", new JsonObject { ["name"] = $"Round {round} of {group.Id}" });
            await Do(adminDevice, "update", new JsonObject { ["change"] = new JsonObject { ["description"] = $"Talk {round}", ["theme"] = "sand" } });
            if (plain.Length > 0) await MustNot(devices[plain[0]], "rename", new JsonObject { ["name"] = "Mine" }, "not_allowed");
            if (outside.Length > 0) await ComeByLinkAsync(outside[0]);
            if (plain.Length > 2) await GoAndComeBackAsync(plain[0], plain[1]);
            if (plain.Length > 1) await PromoteAsync(plain[^1]);
        };

        Task<JsonNode?> Do(Device device, string operation, JsonObject args)
        {
            args["chatId"] = group.Id;
            return stage.DoAsync(device, operation, args, ct);
        }

        Task MustNot(Device device, string operation, JsonObject args, string code)
        {
            args["chatId"] = group.Id;
            return stage.MustNotAsync(device, operation, args, code, ct);
        }

        async Task ComeByLinkAsync(Person guest)
        {
            await MustNot(devices[guest], "send", new JsonObject { ["text"] = "Let me in" }, "not_a_member");
            string code = (await Do(adminDevice, "createInvite", []))!["code"]!.GetValue<string>();
            await stage.DoAsync(devices[guest], "join", new JsonObject { ["code"] = code }, ct);
            group.Members.Add(guest);
            await stage.SendAsync(group, guest, devices[guest], "send", new JsonObject { ["text"] = $"I am {guest}" }, ct);
            await Do(adminDevice, "revokeInvite", new JsonObject { ["code"] = code });
            if (outside.Length > 1) await stage.MustNotAsync(devices[outside[1]], "join", new JsonObject { ["code"] = code }, "invite_expired", ct);
        }

        async Task GoAndComeBackAsync(Person removed, Person leaver)
        {
            await Do(adminDevice, "remove", new JsonObject { ["principalId"] = removed.Id });
            await Do(devices[leaver], "leave", []);
            await stage.SendAsync(group, admin, adminDevice, "send", new JsonObject { ["text"] = $"Without {removed} and {leaver}" }, ct);
            await MustNot(devices[removed], "send", new JsonObject { ["text"] = "I am still here" }, "not_a_member");
            group.Members.Remove(leaver);
            if (round % 2 == 1)
            {
                await Do(adminDevice, "add", new JsonObject { ["memberIds"] = new JsonArray(removed.Id) });
                await stage.SendAsync(group, removed, devices[removed], "send", new JsonObject { ["text"] = "Here again" }, ct);
            }
            else
            {
                group.Members.Remove(removed);
            }
        }

        async Task PromoteAsync(Person member)
        {
            await Do(adminDevice, "role", new JsonObject { ["principalId"] = member.Id, ["role"] = "admin" });
            group.Admins.Add(member);
            JsonObject silence = new() { ["permissions"] = new JsonObject { ["send"] = "admin" } };
            await Do(devices[member], "update", new JsonObject { ["change"] = silence });
            Person? plainMember = group.Members.FirstOrDefault(person => !group.Admins.Contains(person));
            if (plainMember is not null) await MustNot(devices[plainMember], "send", new JsonObject { ["text"] = "But" }, "not_allowed");
            JsonObject speech = new() { ["permissions"] = new JsonObject { ["send"] = "member" } };
            await Do(devices[member], "update", new JsonObject { ["change"] = speech });
        }
    }
}
