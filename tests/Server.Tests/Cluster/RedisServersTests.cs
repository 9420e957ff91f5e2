using System.Text.Json.Nodes;
using Chat.Domain.Accounts;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Chat.Storage.Nodes;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Cluster;

/// <summary>Two composed servers on one PostgreSQL and one Redis, over real sockets.</summary>
[TestFixture, NonParallelizable]
[Category("postgres"), Category("redis")]
internal sealed class RedisServersTests : ServerFixture
{
    private TestRedis _redis = null!;
    private WebApplication _other = null!;

    protected override IReadOnlyDictionary<string, string?> Overrides =>
        new Dictionary<string, string?> { ["Cluster:Redis"] = _redis.Address, ["Presence:OfflineGrace"] = "00:00:00" };

    private Uri OtherUrl => new(_other.Urls.First());

    [OneTimeSetUp]
    public async Task StartOtherAsync() => _other = await StartNodeAsync();

    [OneTimeTearDown]
    public async Task StopOtherAsync()
    {
        await _other.StopAsync();
        await _other.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task Messages_and_presence_reach_the_other_node(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient b = await OnlineAsync(ben, ct);
        PresencesReply before = await b.AskAsync<WatchPresenceRequest, PresencesReply>(new([anna.PrincipalId]), ct);
        Assert.That(before.Presences.Single().Online, Is.False);

        using (WireClient a = await ConnectToOtherAsync(anna, ct))
        {
            Assert.That(await b.NextAsync<PresencePush>(ct), Is.EqualTo(new PresencePush(anna.PrincipalId, true)));
            SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "over there"), ct);
            WireEvent heard = await b.NextEventAsync(ct);
            Assert.That((heard.Sequence, heard.Text), Is.EqualTo((sent.Sequence, "over there")));
        }

        PresencePush gone = await b.NextAsync<PresencePush>(ct);
        Assert.That((gone.PrincipalId, gone.Online), Is.EqualTo((anna.PrincipalId, false)));
        Assert.That(gone.LastSeenMs, Is.Not.Null);
    }

    [Test, CancelAfter(120_000)]
    public async Task Redis_that_is_away_leaves_both_nodes_ready_and_messages_pass(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient b = await OnlineAsync(ben, ct), a = await ConnectToOtherAsync(anna, ct);
        using HttpClient http = new() { BaseAddress = Url };
        Assert.That(await RemarksAsync(http, ct), Is.EqualTo("[]"));

        await _redis.KillAsync();
        while (await RemarksAsync(http, ct) == "[]") await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        Assert.That(await RemarksAsync(http, ct), Does.Contain("\"redis\""));
        await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "without it"), ct);
        Assert.That((await b.NextEventAsync(ct)).Text, Is.EqualTo("without it"));

        await _redis.RestartAsync();
        while (await RemarksAsync(http, ct) != "[]") await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "with it again"), ct);
        Assert.That((await b.NextEventAsync(ct)).Text, Is.EqualTo("with it again"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Channels_and_keys_carry_the_tag_of_the_database(CancellationToken ct)
    {
        long tag = await Services.GetRequiredService<DatabaseTagStore>().ReadAsync(ct);

        Assert.That(await _redis.CommandAsync("PUBLISH", $"chat:{tag:x}:chats:7", "nonsense"), Is.EqualTo(":2"), "both nodes hear it");
        Assert.That(await _redis.CommandAsync("EXISTS", $"chat:{tag:x}:presence:nodes"), Is.EqualTo(":1"));
    }

    protected override async Task PrepareAsync()
    {
        RedisFixture.Require();
        _redis = await TestRedis.StartAsync();
    }

    private static async Task<string> RemarksAsync(HttpClient http, CancellationToken ct)
    {
        using HttpResponseMessage answer = await http.GetAsync("/health/ready", ct);
        JsonNode ready = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))!;
        Assert.That((string?)ready["status"], Is.EqualTo("ready"));
        return ready["remarks"]!.ToJsonString();
    }

    private async Task<WireClient> ConnectToOtherAsync(SignedIn person, CancellationToken ct)
    {
        WireClient client = await WireClient.ConnectAsync(OtherUrl, ct);
        await client.HelloAsync(person.AccessToken, ct);
        return client;
    }
}
