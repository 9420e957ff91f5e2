using Chat.Sdk;

namespace Chat.EndToEnd.Tests;

/// <summary>An app that ends with messages that it could not send.</summary>
[TestFixture]
[Category("e2e")]
internal sealed class OutboxTests
{
    [Test, CancelAfter(90_000), Property("Promise", "P4")]
    public async Task What_was_written_while_the_server_was_away_goes_out_once_in_the_next_run_of_the_app(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ct: ct);
        string folder = Path.Combine(server.Data, "outbox-of-the-app");
        using AccountSession account = await AccountSession.SignInAsync(server.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        long chatId;
        using (FileOutboxStore outbox = new(folder, server.Url, account.PrincipalId))
        {
            await using ChatClient anna = new(Options(server, account, outbox));
            await anna.ConnectAsync(ct);
            chatId = anna.Chats[0].ChatId;
            await anna.Chat(chatId).Send("stored").Sent.WaitAsync(ct);
            await server.StopAsync(ct);
            foreach (string text in (string[])["one", "two", "three"]) anna.Chat(chatId).Send(text);
        }

        await server.RestartAsync(ct);
        using FileOutboxStore found = new(folder, server.Url, account.PrincipalId);
        await using ChatClient again = new(Options(server, account, found));
        OutgoingMessage[] waiting = [.. again.Chat(chatId).Outbox];
        await again.ConnectAsync(ct);
        await Task.WhenAll(waiting.Select(message => message.Sent)).WaitAsync(ct);
        HistoryPage page = await again.Chat(chatId).HistoryAsync(cancellationToken: ct);

        Assert.That(page.Events.OfType<ChatMessage>().TakeLast(4).Select(message => message.Text), Is.EqualTo(new[] { "stored", "one", "two", "three" }));
        Assert.That(found.Load(), Is.Empty);
    }

    private static ChatClientOptions Options(ServerProcess server, AccountSession account, IOutboxStore outbox) =>
        new() { Url = server.Url, Token = account.TokenAsync, OutboxStore = outbox };
}
