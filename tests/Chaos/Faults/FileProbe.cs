using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>Uploads files through REST, in a chat of its own, and reads them again. Thread-safe.</summary>
internal sealed class FileProbe : IDisposable
{
    private readonly HttpClient _http;
    private readonly long _chatId;

    private FileProbe(HttpClient http, long chatId) => (_http, _chatId) = (http, chatId);

    public static async Task<FileProbe> CreateAsync(ChaosCluster cluster, CancellationToken ct)
    {
        (HttpClient http, long chatId) = await RestProbe.EnterAsync(cluster, ct);
        return new FileProbe(http, chatId);
    }

    /// <summary>A picture of so many bytes, as far as the server judges it.</summary>
    public static byte[] Picture(int bytes)
    {
        byte[] picture = new byte[bytes];
        "GIF89a"u8.CopyTo(picture);
        return picture;
    }

    /// <returns>The blob's id, or null and the status with which it was refused.</returns>
    public async Task<(string? BlobId, HttpStatusCode Status)> UploadAsync(Uri node, byte[] picture, CancellationToken ct)
    {
        using ByteArrayContent content = new(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(node, $"/api/media/upload?chatId={_chatId}&fileName=a.gif"), content, ct);
        string? blobId = answer.StatusCode == HttpStatusCode.Created ? await ReadAsync(answer, "blobId", ct) : null;
        return (blobId, answer.StatusCode);
    }

    /// <summary>Asks for a link, and follows it.</summary>
    /// <exception cref="HttpRequestException">It is not there, or cannot be read.</exception>
    public async Task<byte[]> DownloadAsync(Uri node, string blobId, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(node, $"/api/media/{blobId}/link"), ct);
        answer.EnsureSuccessStatusCode();
        return await _http.GetByteArrayAsync(new Uri(node, await ReadAsync(answer, "url", ct)), ct);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string> ReadAsync(HttpResponseMessage answer, string member, CancellationToken ct)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        return body.RootElement.GetProperty(member).GetString()!;
    }
}
