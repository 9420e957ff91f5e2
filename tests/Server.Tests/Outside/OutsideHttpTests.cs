using Chat.Server.Outside;
using Chat.Server.Tests.Push;

namespace Chat.Server.Tests.Outside;

/// <summary>What people name must not lead into the network that this service runs in.</summary>
[TestFixture, Parallelizable(ParallelScope.Self)]
internal sealed class OutsideHttpTests
{
    private PushServiceHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await PushServiceHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("[::ffff:127.0.0.1]")]
    [TestCase("2130706433")]
    [TestCase("0.0.0.0")]
    public void No_connection_goes_to_a_private_address_however_it_is_named(string host)
    {
        using OutsideHttp http = _host.Client(isOwnNetworkAllowed: false);
        int port = new Uri(_host.Origin).Port;

        Assert.That(
            async () => await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"https://{host}:{port}/landed"), default),
            Throws.InstanceOf<HttpRequestException>().With.InnerException.InstanceOf<OutsideAddressException>());
        Assert.That(_host.Received, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Nothing_is_followed_to_elsewhere(CancellationToken ct)
    {
        using OutsideHttp http = _host.Client();
        OutsideAnswer answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{_host.Origin}/elsewhere"), ct);

        Assert.That(answer.Status, Is.EqualTo(302));
        Assert.That(_host.Received, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task An_endless_answer_is_read_no_further_than_its_beginning(CancellationToken ct)
    {
        using OutsideHttp http = _host.Client();
        OutsideAnswer answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{_host.Origin}/endless"), ct);

        Assert.That((answer.Status, answer.Body.Length), Is.EqualTo((200, 4_096)));
    }

    [Test, CancelAfter(30_000)]
    public void A_certificate_that_nobody_vouches_for_is_not_taken()
    {
        using OutsideHttp http = new(isOwnNetworkAllowed: true, TimeProvider.System);
        Assert.That(
            async () => await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{_host.Origin}/landed"), default),
            Throws.InstanceOf<HttpRequestException>());
    }
}
