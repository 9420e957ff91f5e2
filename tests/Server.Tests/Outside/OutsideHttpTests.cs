using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>It would be asked by the system, at any address.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Where_a_certificate_says_that_its_issuers_is_to_be_had_nobody_asks(CancellationToken ct)
    {
        using TcpListener host = new(IPAddress.Loopback, 0), issuer = new(IPAddress.Loopback, 0);
        host.Start();
        issuer.Start();
        using X509Certificate2 certificate = IssuedAt($"http://{issuer.LocalEndpoint}/issuer.cer");
        Task serving = ServeAsync(host, certificate, ct);
        using OutsideHttp http = new(isOwnNetworkAllowed: true, TimeProvider.System);

        Assert.That(
            async () => await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"https://{host.LocalEndpoint}/"), ct),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<OperationCanceledException>());
        await serving;

        Assert.That(issuer.Pending(), Is.False);
    }

    private static async Task ServeAsync(TcpListener host, X509Certificate2 certificate, CancellationToken ct)
    {
        using TcpClient peer = await host.AcceptTcpClientAsync(ct);
        await using SslStream stream = new(peer.GetStream());
        SslServerAuthenticationOptions options = new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };
        try
        {
            await stream.AuthenticateAsServerAsync(options, ct);
            await stream.ReadExactlyAsync(new byte[1], ct);
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // the other side does not take the certificate
        }
    }

    /// <summary>A host's certificate, without that of who issued it.</summary>
    private static X509Certificate2 IssuedAt(string address)
    {
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1), to = from.AddDays(2);
        using ECDsa issuersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=authority", issuersKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 issuer = authority.CreateSelfSigned(from, to);
        CertificateRequest request = new("CN=host", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [address]));
        using X509Certificate2 bare = request.Create(issuer, from, to, [1, 2, 3]);
        using X509Certificate2 made = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
