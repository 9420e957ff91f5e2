using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Pushes;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Connection;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class TokenTests
{
    [Test, CancelAfter(10_000)]
    public async Task A_token_that_ends_soon_is_renewed_on_the_same_connection(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.Connection.Send(new TokenExpiringPush(1));
        await World.UntilAsync(() => world.Server.Connection.Received.Contains(FrameType.Authenticate), ct);

        Assert.That(world.TokenReasons, Is.EqualTo(new[] { TokenReason.Connect, TokenReason.Expiring }));
        Assert.That(world.Server.Connects, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_final_refusal_of_a_token_closes_the_client_with_its_code(CancellationToken ct)
    {
        await using World world = new(configure: options => options with
        {
            Token = (_, _) => throw new ChatException(ErrorCode.RefreshTokenInvalid, "signed out"),
        });

        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => world.Client.ConnectAsync(ct));

        Assert.That(refused!.Code, Is.EqualTo((int)ErrorCode.RefreshTokenInvalid));
        Assert.That(refused.Name, Is.EqualTo("refresh_token_invalid"));
        Assert.That(world.Client.State.Kind, Is.EqualTo(ConnectionKind.Closed));
    }

    [Test, CancelAfter(10_000)]
    public async Task Another_fault_of_the_token_callback_is_tried_again(CancellationToken ct)
    {
        int calls = 0;
        await using World world = new(configure: options => options with
        {
            Token = (_, _) => ++calls < 3 ? throw new HttpRequestException("no network") : ValueTask.FromResult("token"),
        });

        Task connecting = world.Client.ConnectAsync(ct);
        await world.RunUntilAsync(() => connecting.IsCompleted, ct);
        await connecting;

        Assert.That(calls, Is.EqualTo(3));
    }
}
