using Chat.Domain.Accounts;
using Chat.Domain.Cluster;
using Chat.Protocol.Codes;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Cluster;

/// <summary>Two nodes' worth of objects on one database (promise P10).</summary>
public sealed class RevocationTests : WorldFixture
{
    private Node _here = null!, _there = null!;

    [SetUp]
    public async Task JoinNodesAsync()
    {
        InMemoryBus bus = new();
        _here = new Node(World, bus.Join());
        _there = new Node(World, bus.Join());
        await _here.Broker.StartAsync(default);
        await _there.Broker.StartAsync(default);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_device_signed_out_here_is_cut_and_refused_there(CancellationToken ct)
    {
        SignedIn one = await RegisterAsync(ct), other = await RegisterAsync(ct);

        await new SignOut(World.Devices, _here.Revocation).ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId));

        Assert.Multiple(() =>
        {
            Assert.That(_there.Sessions.Disconnected, Is.EqualTo(new[] { (one.PrincipalId, one.DeviceId, DisconnectCode.SessionRevoked) }));
            Assert.That(_there.Tokens.Verify(one.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
            Assert.That(_there.Tokens.Verify(other.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Valid));
        });
    }

    [Test, CancelAfter(20_000)]
    public async Task Signing_out_everywhere_names_each_device_so_that_a_later_one_there_is_not_cut(CancellationToken ct)
    {
        string email = World.NewEmail();
        SignedIn one = await RegisterAsync(ct, email);
        SignedIn two = (await World.SignIn.ExecuteAsync(new SignInInput(email, World.Password, "two", "192.0.2.9"), ct)).Value;

        await new SignOutEverywhere(World.Devices, _here.Revocation).ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId));

        Assert.That(_there.Sessions.Disconnected.Select(cut => cut.DeviceId), Is.EquivalentTo(new[] { one.DeviceId, two.DeviceId }));
        Assert.That(_there.Tokens.Verify(two.AccessToken, out _, out _), Is.EqualTo(TokenVerdict.Revoked));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_refresh_token_that_comes_twice_cuts_its_device_there_too(CancellationToken ct)
    {
        SignedIn one = await RegisterAsync(ct);
        DeviceSignIn signIn = new(World.Devices, _here.Tokens, World.TokenOptions, World.Time, NullLogger<DeviceSignIn>.Instance);
        RefreshSignIn refresh = new(World.Devices, World.Accounts, signIn, _here.Revocation);

        await refresh.ExecuteAsync(one.RefreshToken, ct);
        await refresh.ExecuteAsync(one.RefreshToken, ct);

        Assert.That(_there.Sessions.Disconnected, Does.Contain((one.PrincipalId, one.DeviceId, DisconnectCode.SessionRevoked)));
    }

    [Test]
    public void More_devices_than_one_order_holds_take_several()
    {
        long[] devices = [.. Enumerable.Range(1, ControlOrder.MaxDevices * 2 + 1).Select(id => (long)id)];

        _here.Revocation.CutAll(5, devices);

        Assert.That(_there.Sessions.Disconnected.Select(cut => cut.DeviceId), Is.EquivalentTo(devices));
    }

    [Test, CancelAfter(20_000)]
    public async Task Without_a_broker_a_sign_out_works_as_ever(CancellationToken ct)
    {
        _here.Broker.SetHealth(BrokerHealth.Degraded);
        SignedIn one = await RegisterAsync(ct);

        Assert.That((await new SignOut(World.Devices, _here.Revocation).ExecuteAsync(new Caller(one.PrincipalId, one.DeviceId))).IsOk);

        Assert.That(_here.Sessions.Disconnected, Is.Not.Empty);
        Assert.That(_there.Sessions.Disconnected, Is.Empty, "the database tells it there");
        Assert.That(await World.Devices.FindRevokedAsync([one.DeviceId, one.DeviceId + 1_000_000], ct), Is.EqualTo(new[] { one.DeviceId }));
    }

    [Test]
    public void Garbage_on_the_channel_cuts_nobody_and_the_next_order_is_obeyed()
    {
        foreach (byte[] garbage in (byte[][])[[], [1], [1, 1], [9, 9, 9, 9], [1, 1, .. new byte[100]]])
            _here.Broker.TryPublish(BrokerChannel.Control, garbage);
        Assert.That(_there.Sessions.Disconnected, Is.Empty);

        _here.Broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodeRevocation(3, [4]));
        Assert.That(_there.Sessions.Disconnected, Is.EqualTo(new[] { (3L, 4L, DisconnectCode.SessionRevoked) }));
    }

    [Test]
    public void A_broker_that_is_healthy_again_has_the_truth_read()
    {
        int recovered = 0;
        _there.Receiver.Recovered += () => recovered++;

        _there.Broker.SetHealth(BrokerHealth.Degraded);
        Assert.That(recovered, Is.Zero);
        _there.Broker.SetHealth(BrokerHealth.Healthy);

        Assert.That(recovered, Is.EqualTo(1));
    }

    private async Task<SignedIn> RegisterAsync(CancellationToken ct, string? email = null)
    {
        RegisterInput input = new("Anna", email ?? World.NewEmail(), null, World.Password, "phone", "192.0.2.1");
        return (await World.Register.ExecuteAsync(input, ct)).Value;
    }

    private sealed class Node
    {
        public Node(World world, InMemoryBroker broker)
        {
            Broker = broker;
            Tokens = new AccessTokens(world.TokenOptions, world.Time);
            Revocation = new DeviceRevocation(Tokens, Sessions, broker);
            Receiver = new ControlReceiver(Revocation);
            broker.Attach(BrokerTopic.Control, Receiver);
        }

        public InMemoryBroker Broker { get; }

        public RecordingSessions Sessions { get; } = new();

        public AccessTokens Tokens { get; }

        public DeviceRevocation Revocation { get; }

        public ControlReceiver Receiver { get; }
    }
}
