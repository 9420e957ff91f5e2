using System.CommandLine;
using System.Globalization;
using Chat.Protocol.Codes;
using Chat.Sdk;
using Chat.Server.Hosting;

namespace Chat.Server.Cli.Send;

/// <summary><c>send</c>: writes a message from a terminal (Q3), and prints the place that it got.</summary>
internal static class SendCommand
{
    private const string ChatPrefix = "chat:";

    public static Command Create()
    {
        Option<string> to = new("--to") { Required = true, Description = "To whom: e-mail, phone, a demo account's first name, or chat:ID.", HelpName = "LOGIN|chat:ID" };
        Option<int> count = new("--count")
        {
            DefaultValueFactory = _ => 1,
            CustomParser = WholeNumber.From(1),
            Description = "Send it so many times, numbered.",
            HelpName = "N",
        };
        Argument<string> text = new("text") { Description = "The message.", HelpName = "TEXT" };

        Command command = new("send", "Send a message.");
        ClientVerb verb = ClientVerb.AddTo(command);
        command.Options.Add(to);
        command.Options.Add(count);
        command.Arguments.Add(text);
        command.SetAction((parsed, ct) => verb.RunAsync(
            parsed,
            "chat send",
            async (client, instance, stop) =>
            {
                ChatHandle chat = await FindChatAsync(client, instance, parsed.GetRequiredValue(to), stop);
                return await SendAsync(chat, parsed.GetRequiredValue(text), parsed.GetValue(count), stop);
            },
            ct));
        return command;
    }

    private static async Task<ChatHandle> FindChatAsync(ChatClient client, InstanceFile? instance, string to, CancellationToken ct)
    {
        if (to.StartsWith(ChatPrefix, StringComparison.Ordinal))
        {
            return long.TryParse(to.AsSpan(ChatPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long chatId)
                ? client.Chat(chatId)
                : throw new ClientVerbException($"'{to}' names no chat: write it as chat:7.");
        }

        string login = instance?.FindDemo(to)?.Login ?? to;
        Person person = await FindPersonAsync(client, login, ct)
            ?? throw new ClientVerbException($"Nobody has the e-mail or phone '{login}'. {InstanceFile.TellFirstNames(instance)}");
        return await client.OpenDirectAsync(person.PrincipalId, ct);
    }

    /// <summary>What is no address is nobody's.</summary>
    private static async Task<Person?> FindPersonAsync(ChatClient client, string login, CancellationToken ct)
    {
        try
        {
            return await client.FindPersonAsync(login, ct);
        }
        catch (ChatException refused) when (refused.Code == (int)ErrorCode.InvalidArgument)
        {
            return null;
        }
    }

    private static async Task<int> SendAsync(ChatHandle chat, string text, int count, CancellationToken ct)
    {
        List<OutgoingMessage> messages = [];
        for (int i = 1; i <= count; i++)
            messages.Add(chat.Send(count == 1 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} {i}")));

        foreach (OutgoingMessage message in messages)
        {
            SentMessage sent = await message.Sent.WaitAsync(ct);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sent chat={sent.ChatId} sequence={sent.Sequence}"));
        }

        return 0;
    }
}
