using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chat.Server.Media;
using Microsoft.Extensions.Logging.Abstractions;
using Chat.TestKit;

namespace Chat.Server.Tests.Media;

/// <summary>R-175: a real clamd that knows one virus, over TCP and its socket; left out where none is installed.</summary>
[CancelAfter(60_000)]
public sealed class ClamdTests
{
    private const string Program = "/usr/sbin/clamd"; // Debian: clamav-daemon
    private const string Virus = "a virus that only these tests know";

    private string _folder = "";
    private Process? _clamd;
    private EndPoint[] _addresses = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Program)) Assert.Ignore($"{Program} is not installed: apt-get install clamav-daemon");

        _folder = Directory.CreateTempSubdirectory("chat-clamd-").FullName;
        int port = FreePort.Next();
        string socket = Path.Combine(_folder, "clamd.ctl");
        string configuration = Path.Combine(_folder, "clamd.conf");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "test.ndb"),
            string.Create(CultureInfo.InvariantCulture, $"Chat.Test:0:*:{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(Virus))}\n"));
        await File.WriteAllTextAsync(
            configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Foreground yes
                DatabaseDirectory {_folder}
                LocalSocket {socket}
                TCPSocket {port}
                TCPAddr 127.0.0.1
                StreamMaxLength 1M
                User root

                """));
        ProcessStartInfo start = new(Program, ["--config-file", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _clamd = Process.Start(start)!;
        _clamd.OutputDataReceived += (_, _) => { }; // read, or it would stop when the pipe is full
        _clamd.ErrorDataReceived += (_, _) => { };
        _clamd.BeginOutputReadLine();
        _clamd.BeginErrorReadLine();
        _addresses = [new IPEndPoint(IPAddress.Loopback, port), new UnixDomainSocketEndPoint(socket), new DnsEndPoint("localhost", port)];
        await WaitAsync(port);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        if (_clamd is null) return;
        _clamd.Kill();
        _clamd.WaitForExit();
        _clamd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task It_finds_what_it_knows_and_lets_the_rest_pass(int address, CancellationToken ct)
    {
        ClamScanner scanner = new(_addresses[address], TimeSpan.FromSeconds(30), isRequired: true, NullLogger.Instance);
        byte[] clean = SamplePictures.Png(500_000);
        byte[] infected = [.. clean, .. System.Text.Encoding.ASCII.GetBytes(Virus)];

        Assert.That(await scanner.FindVirusAsync(new MemoryStream(clean), ct), Is.Null);
        Assert.That(await scanner.FindVirusAsync(new MemoryStream(infected), ct), Does.StartWith("Chat.Test"));
        Assert.That(await scanner.FindVirusAsync(new MemoryStream([1]), ct), Is.Null);
    }

    [Test]
    public void Of_a_file_over_its_limit_there_is_no_verdict() =>
        Assert.That(
            async () => await new ClamScanner(_addresses[0], TimeSpan.FromSeconds(30), isRequired: true, NullLogger.Instance).FindVirusAsync(new MemoryStream(new byte[5_000_000]), default),
            Throws.InstanceOf<IOException>());

    private static async Task WaitAsync(int port)
    {
        while (true)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System); // it is starting
            }
        }
    }
}
