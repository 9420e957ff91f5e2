using System.Globalization;
using System.Net;
using System.Text;

using Chat.Sdk.Tests.Accounts;

namespace Chat.Sdk.Tests.Files;

/// <summary>The routes of files, for one upload at a time; told what to break.</summary>
internal sealed class FakeUploads : HttpMessageHandler
{
    public const string BlobId = "0123456789abcdef0123456789abcdef";

    private readonly MemoryStream _received = new();
    private long _bytes;

    public List<string> Asked { get; } = [];

    public byte[] Received => _received.ToArray();

    /// <summary>Told of each part before it is taken: an answer in its place, or null to take it.</summary>
    public Func<int, HttpResponseMessage?> OnPart { get; set; } = _ => null;

    /// <summary>Told of each part after it was taken: true loses the answer.</summary>
    public Func<int, bool> LosesAnswer { get; set; } = _ => false;

    public int Parts { get; private set; }

    public static HttpResponseMessage Busy() => Json(503, FakeRest.Problem(400, "busy", retryable: true, retryAfterMs: 10));

    public static HttpResponseMessage Refused(int code, string name) => Json(415, FakeRest.Problem(code, name));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        string path = request.RequestUri!.PathAndQuery;
        lock (Asked) Asked.Add($"{request.Method} {path}");
        HttpResponseMessage answer = Answer(request.Method.Method, path, body);
        answer.RequestMessage = request;
        return answer;
    }

    private HttpResponseMessage Answer(string method, string path, byte[] body)
    {
        if (method == "POST" && path == "/api/media/uploads")
        {
            using var asked = System.Text.Json.JsonDocument.Parse(body);
            _bytes = asked.RootElement.GetProperty("bytes").GetInt64();
            return Json(201, State());
        }

        if (method == "GET" && path.Split('?')[0].EndsWith("/link", StringComparison.Ordinal))
            return Json(200, $$"""{"url":"/media/{{BlobId}}?expires=1&signature=x","urlExpiresAt":"2026-01-01T00:00:00+00:00","file":{{File()}}}""");
        if (method == "GET" && path.StartsWith("/media/", StringComparison.Ordinal))
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Received) };
        if (method == "GET") return Json(200, State());
        if (method == "DELETE") return new HttpResponseMessage(HttpStatusCode.NoContent);
        if (method == "POST") return Json(200, File());

        return TakePart(long.Parse(path[(path.IndexOf("offset=", StringComparison.Ordinal) + 7)..], CultureInfo.InvariantCulture), body);
    }

    private HttpResponseMessage TakePart(long offset, byte[] body)
    {
        int part = Parts++;
        if (OnPart(part) is { } instead) return instead;
        if (offset != _received.Length) return Json(409, FakeRest.Problem(223, "upload_offset_mismatch"));

        _received.Write(body);
        return LosesAnswer(part) ? throw new HttpRequestException("The line broke.") : Json(200, State());
    }

    private string State() =>
        $$"""{"blobId":"{{BlobId}}","offset":{{_received.Length}},"bytes":{{_bytes}},"minPartBytes":65536,"maxPartBytes":8388608}""";

    private string File() =>
        $$"""{"blobId":"{{BlobId}}","purpose":"chat_avatar","chatId":7,"fileName":"a.png","contentType":"image/png","bytes":{{_bytes}},"createdAt":"2026-01-01T00:00:00+00:00","later":1}""";

    private static HttpResponseMessage Json(int status, string json) =>
        new((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
