using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Server.Tests.Wire;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Sessions;

/// <summary>R-025: what an operator did to an account reaches two nodes that hear nothing of each other, and one that starts later.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class OperatorLoopTests : ServerFixture
{
    private const string Email = "blocked@example.test";

    [Test, CancelAfter(60_000), Property("Promise", "P10")]
    public async Task A_block_ends_sessions_of_all_nodes_and_refuses_the_tokens_on_them_and_on_one_that_starts_later(CancellationToken ct)
    {
        SignedIn phone = await RegisterAsync(ct), stays = await NewPersonAsync("Ben", ct);
        SignedIn tablet = (await Services.GetRequiredService<SignIn>().ExecuteAsync(
            new SignInInput(Email, "a good password", "tablet", "127.0.0.1"), ct)).Value;
        await using WebApplication other = await StartNodeAsync();
        using WireClient here = await OnlineAsync(phone, ct), remains = await OnlineAsync(stays, ct);
        using WireClient there = await WireClient.ConnectAsync(new Uri(other.Urls.First()), ct);
        await there.HelloAsync(tablet.AccessToken, ct);

        Assert.That((await Operate().BlockAsync(Email, "spam", "test", ct)).Value.SignedOut, Has.Count.EqualTo(2));

        Assert.That(await here.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        Assert.That(await there.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.SessionRevoked));
        await remains.AskAsync<Protocol.Frames.Requests.PingRequest, Protocol.Frames.Replies.OkReply>(new(), ct);
        await using WebApplication later = await StartNodeAsync();
        foreach (WebApplication node in (WebApplication[])[other, later])
        {
            foreach (SignedIn device in (SignedIn[])[phone, tablet])
            {
                while (await StatusAsync(node, device, ct) != 401) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            }

            Assert.That(await StatusAsync(node, stays, ct), Is.EqualTo(200));
        }

        await later.StopAsync(ct);
        await other.StopAsync(ct);
    }

    private static async Task<int> StatusAsync(WebApplication node, SignedIn device, CancellationToken ct)
    {
        using HttpClient http = new() { BaseAddress = new Uri(node.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", device.AccessToken);
        return (int)(await http.GetAsync("/api/user", ct)).StatusCode;
    }

    private OperateAccount Operate() => new(
        Services.GetRequiredService<OperatorStore>(), Services.GetRequiredService<PasswordHasher>(), new InMemoryBus().Join());

    private async Task<SignedIn> RegisterAsync(CancellationToken ct) => (await Services.GetRequiredService<RegisterAccount>().ExecuteAsync(
        new RegisterInput("Ada", Email, null, "a good password", "phone", "127.0.0.1"), ct)).Value;
}
