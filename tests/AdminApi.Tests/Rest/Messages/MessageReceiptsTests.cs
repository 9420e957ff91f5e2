using System.Text.Json.Nodes;
using Chat.Storage.Receipts;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.AdminApi.Tests.Rest.Messages;

/// <summary>R-110: who has got and read a message, as REST shows it.</summary>
[Parallelizable]
internal sealed class MessageReceiptsTests
{
    [Test, CancelAfter(30_000)]
    public async Task The_sender_sees_who_has_a_message_and_since_when_in_pages()
    {
        Person ada = await Person.RegisterAsync("Ada"), bob = await Person.RegisterAsync("Bob"), cyd = await Person.RegisterAsync("Cyd");
        long chat = await ada.CreateGroupAsync("Team", bob, cyd);
        ApiAnswer sent = await ada.PostAsync($"/api/chats/{chat}/messages", new { clientMessageId = Guid.NewGuid(), text = "hello" });
        long message = (long)sent.MustBe(200).Json["sequence"]!;
        string path = $"/api/messages/{chat}-{message}/info";
        (await bob.PostAsync($"/api/messages/{chat}-{message}/read")).MustBe(204);
        (await cyd.PostAsync($"/api/chats/{chat}/delivered", new { upTo = message })).MustBe(204);
        await ApiServer.Host.Services.GetRequiredService<ReceiptTimes>().StopAsync(); // writes what waits; its loop does not run here

        JsonNode page = (await ada.GetAsync(path)).MustBe(200).Json;
        List<long> paged = await Paging.ReadAllAsync(ada, $"{path}?limit=1", "cursor", item => (long)item["principalId"]!);

        JsonArray items = page["items"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(items.Select(item => ((long)item!["principalId"]!, (bool)item["delivered"]!, (bool)item["read"]!)),
                Is.EqualTo(new[] { (bob.Id, true, true), (cyd.Id, true, false) }));
            Assert.That(((int)page["delivered"]!, (int)page["read"]!, (int)page["members"]!), Is.EqualTo((2, 1, 2)));
            Assert.That((DateTimeOffset)items[0]!["readAt"]!, Is.GreaterThanOrEqualTo((DateTimeOffset)sent.Json["createdAt"]!));
            Assert.That((DateTimeOffset)items[1]!["deliveredAt"]!, Is.LessThan(TimeProvider.System.GetUtcNow().AddMinutes(1)));
            Assert.That(items[1]!["readAt"], Is.Null);
            Assert.That(paged, Is.EqualTo(new[] { bob.Id, cyd.Id }));
        });
    }

    [Test, CancelAfter(30_000)]
    public async Task Refusals_say_what_is_wrong()
    {
        Person ada = await Person.RegisterAsync("Ada"), bob = await Person.RegisterAsync("Bob");
        long chat = await ada.CreateGroupAsync("Team", bob);
        long message = await ada.SayAsync(chat, "hello");
        JsonNode channel = (await ada.PostAsync("/api/channels", new { name = "News" })).MustBe(201).Json;
        long post = await ada.SayAsync((long)channel["chatId"]!, "news");

        (await bob.GetAsync($"/api/messages/{chat}-{message}/info")).MustFail(403, "not_sender");
        (await ada.GetAsync($"/api/messages/{channel["chatId"]}-{post}/info")).MustFail(409, "no_receipts");
        (await ada.GetAsync($"/api/messages/{chat}-999/info")).MustFail(404, "message_not_found");
        (await ada.GetAsync($"/api/messages/999999999-1/info")).MustFail(404, "chat_not_found");
        (await ada.GetAsync($"/api/messages/{chat}-{message}/info?limit=101")).MustFail(400, "invalid_argument");
        (await ada.GetAsync($"/api/messages/{chat}-{message}/info?cursor=x")).MustFail(400, "invalid_argument");
        (await ada.DeleteAsync($"/api/messages/{chat}-{message}")).MustBe(200);
        (await ada.GetAsync($"/api/messages/{chat}-{message}/info")).MustFail(410, "message_deleted");
    }
}
