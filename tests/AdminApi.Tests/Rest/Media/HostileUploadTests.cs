using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>promises 4.6: every file of the corpus through the whole way, up and down.</summary>
[Property("Promise", "4.6")]
internal sealed class HostileUploadTests
{
    private Person _mallory = null!;
    private long _chat;

    public static IEnumerable<TestCaseData<HostileFile>> Corpus =>
        HostileCorpus.Files.Select(file => new TestCaseData<HostileFile>(file).SetArgDisplayNames(file.Name));

    [SetUp]
    public async Task SetUpAsync()
    {
        _mallory = await Person.RegisterAsync("Mallory");
        _chat = await _mallory.OpenDirectAsync(await Person.RegisterAsync("Bob"));
    }

    [Test]
    public void The_corpus_has_forty_files_and_more() =>
        Assert.That(HostileCorpus.Files.Select(file => file.Name).Distinct().Count(), Is.GreaterThanOrEqualTo(60));

    [TestCaseSource(nameof(Corpus)), CancelAfter(60_000)]
    public async Task A_hostile_file_is_refused_or_cannot_act(HostileFile file)
    {
        ApiAnswer answer = await _mallory.UploadAsync($"upload?chatId={_chat}&fileName={Uri.EscapeDataString(file.FileName)}", file.Bytes);
        if (file.Refusal is { } refusal)
        {
            answer.MustFail(refusal.Status, refusal.Code);
            return;
        }

        JsonNode stored = answer.MustBe(201).Json;
        FileAnswer read = await FileClient.ReadAsync(await _mallory.LinkAsync((string)stored["blobId"]!));
        string disposition = read.Headers["Content-Disposition"];
        string name = (string)stored["fileName"]!;

        Assert.Multiple(() =>
        {
            Assert.That(read.Headers["Content-Type"], Is.EqualTo((string?)stored["contentType"]).And.Match("^(image|application)/"));
            Assert.That(read.Headers["Content-Type"], Does.Not.Contain("html").And.Not.Contain("svg").And.Not.Contain("script"));
            Assert.That(read.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(read.Headers["Content-Security-Policy"], Does.StartWith("sandbox;"));
            Assert.That(read.Headers.Keys, Has.No.Member("Set-Cookie"));
            Assert.That(disposition, Does.Match("^attachment; filename=\"[ !#-~]*\"; filename\\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$"));
            Assert.That(name, Does.Not.Match(@"[\u0000-\u001F\u202A-\u202E\u2066-\u2069/\\]"));
            Assert.That(Encoding.UTF8.GetByteCount(name), Is.InRange(1, 200));
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task Many_who_upload_under_one_name_get_a_file_each()
    {
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(seed =>
            _mallory.UploadAsync($"upload?chatId={_chat}&fileName=a.png", SamplePictures.Png(1000 + seed, seed))));

        string[] names = [.. answers.Select(answer => (string)answer.MustBe(201).Json["blobId"]!)];
        Assert.That(names, Is.Unique);
        for (int seed = 0; seed < names.Length; seed++)
            Assert.That((await FileClient.ReadAsync(await _mallory.LinkAsync(names[seed]))).Bytes, Is.EqualTo(SamplePictures.Png(1000 + seed, seed)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_body_longer_than_it_says_ends_where_it_said()
    {
        byte[] png = SamplePictures.Png(1000);

        string answer = await SpeakAsync(1000, [.. png, .. Encoding.ASCII.GetBytes("GET /api/user HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]);

        Assert.That(answer, Does.StartWith("HTTP/1.1 201").And.Contain("\"bytes\":1000").And.Contain("HTTP/1.1 401"), "the rest is another request");
    }

    [TestCase("Content-Length: -1")]
    [TestCase("Content-Length: 10\r\nContent-Length: 20")]
    [TestCase("Content-Length: 9223372036854775808")]
    [TestCase("Content-Length: 10\r\nTransfer-Encoding: chunked")]
    [CancelAfter(60_000)]
    public async Task A_length_that_is_none_is_refused(string header)
    {
        string answer = await SpeakAsync(header, SamplePictures.Png(10));

        Assert.That(answer, Does.StartWith("HTTP/1.1 4"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_sends_a_byte_a_second_is_not_waited_for()
    {
        long start = Stopwatch.GetTimestamp();
        using TcpClient peer = await ConnectAsync("Content-Length: 100000");
        byte[] answer = new byte[4096];
        Task<int> reading = peer.GetStream().ReadAsync(answer).AsTask();
        while (!reading.IsCompleted)
        {
            try
            {
                await peer.GetStream().WriteAsync(new byte[] { 0x89 });
            }
            catch (IOException)
            {
                break; // the server has closed: the answer is read below
            }

            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        }

        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(30)));
        Assert.That(Encoding.ASCII.GetString(answer, 0, await reading), Does.StartWith("HTTP/1.1 4"));
    }

    private Task<string> SpeakAsync(int length, byte[] body) => SpeakAsync($"Content-Length: {length}", body);

    private async Task<string> SpeakAsync(string lengthHeader, byte[] body)
    {
        using TcpClient peer = await ConnectAsync(lengthHeader);
        NetworkStream stream = peer.GetStream();
        await stream.WriteAsync(body);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<TcpClient> ConnectAsync(string lengthHeader)
    {
        Uri address = ApiServer.Client.Address;
        TcpClient peer = new(address.Host, address.Port);
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/media/upload?chatId={_chat}&fileName=a.png HTTP/1.1\r\nHost: {address.Authority}\r\n"
            + $"Authorization: Bearer {_mallory.Token}\r\n{lengthHeader}\r\n\r\n"));
        return peer;
    }
}
