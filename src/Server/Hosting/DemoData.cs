using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Storage.Chats;

namespace Chat.Server.Hosting;

/// <summary>A few people who already know each other, so that a newcomer sees a product and not an empty page. Development only.</summary>
/// <remarks>Made through the use cases, like anything else; a second start finds it there and leaves it alone.</remarks>
internal sealed class DemoData(RegisterAccount register, SignIn signIn, OpenDirectChat openDirect, CreateGroup createGroup, SendMessage send)
{
    private const string Password = "demo-password";

    public static IReadOnlyList<DemoAccount> Accounts { get; } =
    [
        new("Anna", "anna@demo.example", Password),
        new("Ben", "ben@demo.example", Password),
        new("Chloé", "chloe@demo.example", Password),
    ];

    /// <exception cref="InvalidOperationException">The demo accounts exist with another password, or a use case refused.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        DemoAccount anna = Accounts[0];
        Result<SignedIn> present = await signIn.ExecuteAsync(new SignInInput(anna.Login, anna.Password, "demo data", "127.0.0.1"), ct);
        if (present.IsOk) return;

        List<Caller> people = [];
        foreach (DemoAccount account in Accounts)
        {
            RegisterInput input = new(account.Name, account.Login, null, account.Password, "demo data", "127.0.0.1");
            SignedIn made = Need(await register.ExecuteAsync(input, ct));
            people.Add(new Caller(made.PrincipalId, made.DeviceId));
        }

        ChatRow direct = Need(await openDirect.ExecuteAsync(people[0], people[1].PrincipalId, ct));
        await SayAsync(people[0], direct, "Hi Ben, this page and the server run from one command 🎉");
        await SayAsync(people[1], direct, "And every message here is in PostgreSQL before you see it.");

        ChatRow group = Need(await createGroup.ExecuteAsync(people[0], "Weekend trip", [people[1].PrincipalId, people[2].PrincipalId], ct));
        await SayAsync(people[2], group, "I can drive. Who brings the map?");
        await SayAsync(people[1], group, "Me. Saturday, 9 o'clock?");
    }

    private async Task SayAsync(Caller who, ChatRow chat, string text) =>
        Need(await send.ExecuteAsync(who, new SendMessageInput(chat.ChatId, Guid.NewGuid(), text, null)));

    private static T Need<T>(Result<T> result) => result.IsOk
        ? result.Value
        : throw new InvalidOperationException($"The demo data could not be made: {result.Failure.Message} Start with an empty data directory, or without --demo.");
}
