using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chat.Server.Media;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Media;

/// <summary>R-175: the command INSTREAM as clamd(8) describes it, against one that is played here.</summary>
[Parallelizable, CancelAfter(30_000)]
public sealed class ClamScannerTests
{
    [TestCase("stream: OK\0", null)]
    [TestCase("stream: Win.Test.EICAR_HDB-1 FOUND\0", "Win.Test.EICAR_HDB-1")]
    [TestCase("stream: A name, with spaces FOUND\0", "A name, with spaces")]
    public async Task A_verdict_is_read(string answer, string? expected, CancellationToken ct)
    {
        using FakeClam clam = new(answer);
        byte[] file = new byte[200_000];
        new Random(1).NextBytes(file);

        string? virus = await Scanner(clam.Address, TimeSpan.FromSeconds(10)).FindVirusAsync(new MemoryStream(file), ct);

        Assert.That(virus, Is.EqualTo(expected));
        Assert.That(await clam.Received, Is.EqualTo(file));
    }

    [TestCase("")]
    [TestCase("INSTREAM size limit exceeded. ERROR\0")]
    [TestCase("stream: FOUND\0")]
    [TestCase("stream:  FOUND\0")]
    [TestCase("UNKNOWN COMMAND\0")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n")]
    public void What_is_no_verdict_is_an_error_and_never_a_clean_file(string answer)
    {
        using FakeClam clam = new(answer);

        Assert.That(
            async () => await Scanner(clam.Address, TimeSpan.FromSeconds(10)).FindVirusAsync(new MemoryStream(new byte[10]), default),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public void One_that_is_away_or_silent_is_an_error()
    {
        using FakeClam silent = new(null);
        using FakeClam gone = new("");
        EndPoint address = gone.Address;
        gone.Dispose();

        Assert.That(
            async () => await Scanner(silent.Address, TimeSpan.FromMilliseconds(200)).FindVirusAsync(new MemoryStream([1]), default),
            Throws.InstanceOf<IOException>().With.Message.Contains("no verdict within"));
        Assert.That(
            async () => await Scanner(address, TimeSpan.FromSeconds(10)).FindVirusAsync(new MemoryStream([1]), default),
            Throws.InstanceOf<IOException>().With.Message.Contains("cannot be reached"));
    }

    [Test]
    public async Task Where_it_need_not_be_a_file_is_taken_while_it_is_away_and_none_that_it_gave_no_verdict_on(CancellationToken ct)
    {
        using FakeClam tooLarge = new("INSTREAM size limit exceeded. ERROR\0");
        using FakeClam silent = new(null);
        using FakeClam gone = new("");
        EndPoint address = gone.Address;
        gone.Dispose();

        Assert.That(await Scanner(address, TimeSpan.FromSeconds(10), isRequired: false).FindVirusAsync(new MemoryStream([1]), ct), Is.Null);
        foreach (FakeClam clam in (FakeClam[])[tooLarge, silent])
        {
            ClamScanner scanner = Scanner(clam.Address, TimeSpan.FromMilliseconds(500), isRequired: false);
            Assert.That(async () => await scanner.FindVirusAsync(new MemoryStream([1]), ct), Throws.InstanceOf<IOException>());
        }
    }

    private static ClamScanner Scanner(EndPoint address, TimeSpan timeout, bool isRequired = true) =>
        new(address, timeout, isRequired, NullLogger.Instance);

    [TestCase("127.0.0.1:3310", true)]
    [TestCase("[::1]:3310", true)]
    [TestCase("clamd.example:3310", true)]
    [TestCase("/run/clamav/clamd.ctl", true)]
    [TestCase("clamd", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("clamd:0", false)]
    [TestCase("clamd:99999", false)]
    [TestCase(":3310", false)]
    public void Its_address_is_a_host_with_a_port_or_a_socket(string text, bool expected) =>
        Assert.That(ClamScanner.TryParse(text, out _), Is.EqualTo(expected));

    /// <summary>Takes one file and gives one answer; null gives none.</summary>
    private sealed class FakeClam : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _over = new();

        public FakeClam(string? answer)
        {
            _listener.Start();
            Received = ServeAsync(answer);
        }

        public EndPoint Address => _listener.LocalEndpoint;

        public Task<byte[]> Received { get; }

        public void Dispose()
        {
            _over.Cancel();
            _listener.Stop();
        }

        private async Task<byte[]> ServeAsync(string? answer)
        {
            using TcpClient peer = await _listener.AcceptTcpClientAsync(_over.Token);
            NetworkStream stream = peer.GetStream();
            byte[] command = new byte[10];
            await stream.ReadExactlyAsync(command, _over.Token);
            Assert.That(Encoding.ASCII.GetString(command), Is.EqualTo("zINSTREAM\0"));

            using MemoryStream file = new();
            byte[] length = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _over.Token);
                byte[] piece = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                if (piece.Length == 0) break;
                await stream.ReadExactlyAsync(piece, _over.Token);
                file.Write(piece);
            }

            if (answer is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _over.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer!), _over.Token);
            return file.ToArray();
        }
    }
}
