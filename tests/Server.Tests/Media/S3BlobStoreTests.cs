using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Chat.Domain.Media;
using Chat.Server.Media;
using Chat.TestKit;

namespace Chat.Server.Tests.Media;

/// <summary>R-171: against moto, an S3 service in Python (pip install "moto[server]"); left out where it is not installed.</summary>
[CancelAfter(60_000)]
public sealed class S3BlobStoreTests : BlobStoreContract
{
    private const string Bucket = "chat-files";

    private Process? _server;
    private AmazonS3Client _client = null!;

    private protected override IBlobStore Store => new S3BlobStore(_client, Bucket, "a/");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        int port = FreePort.Next();
        ProcessStartInfo start = new("moto_server", ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            _server = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("moto_server is not installed: pip install \"moto[server]\"");
        }

        _server!.OutputDataReceived += (_, _) => { }; // read, or it would stop when the pipe is full
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        _client = S3Connection.Create(new BlobStoreOptions
        {
            S3Endpoint = $"http://127.0.0.1:{port}",
            S3Bucket = Bucket,
            S3AccessKey = "access",
            S3SecretKey = "secret",
        });
        await MakeBucketAsync();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client?.Dispose();
        if (_server is null) return;
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
    }

    [Test]
    public async Task Nothing_of_a_large_blob_that_was_not_taken_stays_in_the_bucket(CancellationToken ct)
    {
        Assert.That(await Store.StoreAsync(BlobName.Create(), new MemoryStream(new byte[20_000_000]), 17_000_000, ct), Is.Null);

        Assert.That((await _client.ListMultipartUploadsAsync(Bucket, ct)).MultipartUploads, Is.Empty);
    }

    [Test]
    public async Task A_service_that_cannot_be_reached_is_a_passing_fault()
    {
        using AmazonS3Client nowhere = S3Connection.Create(new BlobStoreOptions
        {
            S3Endpoint = "http://127.0.0.1:1",
            S3Bucket = Bucket,
            S3AccessKey = "access",
            S3SecretKey = "secret",
        });

        Exception fault =
            (await Assert.CatchAsync(async () => await new S3BlobStore(nowhere, Bucket, "").FindAsync(BlobName.Create(), default)))!;

        Assert.That(Chat.Storage.DatabaseOutage.IsPassing(fault), Is.True, fault.ToString());
    }

    private async Task MakeBucketAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _client.PutBucketAsync(Bucket);
                return;
            }
            catch (Exception fault) when (attempt < 100 && fault is HttpRequestException or AmazonServiceException or AmazonClientException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System); // it is starting
            }
        }
    }
}
