using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;

namespace Chat.Server.Hosting;

/// <summary>A few people who already know each other, so that a newcomer sees a product and not an empty page. Development only.</summary>
/// <remarks>Made through the use cases, piece by piece, each only if it is not there: a start that was killed in between is finished by the next.</remarks>
internal sealed class DemoData(AccountStore accounts, RegisterAccount register, DemoChats chats)
{
    private const string Password = "demo-password";

    public static IReadOnlyList<DemoAccount> Accounts { get; } =
    [
        new("Anna", "anna@demo.example", Password),
        new("Ben", "ben@demo.example", Password),
        new("Chloé", "chloe@demo.example", Password),
    ];

    /// <exception cref="DemoDataException">A use case refused.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        List<Caller> people = [];
        foreach (DemoAccount account in Accounts)
        {
            AccountRow? present = await accounts.FindByLoginAsync(account.Login, ct);
            people.Add(present is not null ? new Caller(present.PrincipalId, 0) : await RegisterAsync(account, ct));
        }

        await chats.EnsureAsync(people[0], people[1], people[2], ct);
    }

    private async Task<Caller> RegisterAsync(DemoAccount account, CancellationToken ct)
    {
        RegisterInput input = new(account.Name, account.Login, null, account.Password, "demo data", "127.0.0.1");
        SignedIn made = DemoDataException.Need(await register.ExecuteAsync(input, ct));
        return new Caller(made.PrincipalId, made.DeviceId);
    }
}

/// <summary>What the demo people have said to each other.</summary>
internal sealed class DemoChats(OpenDirectChat openDirect, ListChats listChats, CreateGroup createGroup, SendMessage send)
{
    private const string GroupName = "Weekend trip";

    public async Task EnsureAsync(Caller anna, Caller ben, Caller chloe, CancellationToken ct)
    {
        ChatList groups = DemoDataException.Need(await listChats.ExecuteAsync(anna, null, null, ct, groupsOnly: true));
        if (groups.Chats.Count > 0) return; // made last but for its messages, or people have groups of their own by now

        ChatRow direct = DemoDataException.Need(await openDirect.ExecuteAsync(anna, ben.PrincipalId, ct));
        await SayAsync(1, anna, direct, "Hi Ben, this page and the server run from one command 🎉");
        await SayAsync(2, ben, direct, "And every message here is in PostgreSQL before you see it.");

        ChatRow group = DemoDataException.Need(await createGroup.ExecuteAsync(anna, GroupName, [ben.PrincipalId, chloe.PrincipalId], ct));
        await SayAsync(3, chloe, group, "I can drive. Who brings the map?");
        await SayAsync(4, ben, group, "Me. Saturday, 9 o'clock?");
    }

    /// <summary>With an id that is always the same, so that saying it again says nothing.</summary>
    private async Task SayAsync(byte number, Caller who, ChatRow chat, string text)
    {
        Guid id = new(0x64656d6f, 0, 0, 0, 0, 0, 0, 0, 0, 0, number);
        DemoDataException.Need(await send.ExecuteAsync(who, new SendMessageInput(chat.ChatId, id, text, null)));
    }
}

/// <summary>The demo data could not be made; the message says why and what to do.</summary>
internal sealed class DemoDataException(string message) : Exception(message)
{
    public static T Need<T>(Result<T> result) => result.IsOk
        ? result.Value
        : throw new DemoDataException($"The demo data could not be made: {result.Failure.Message} Start with another --data, or with --no-demo.");
}
