using System.Net;
using System.Net.Http.Headers;

namespace Chat.AdminApi.Tests.Rest.Media;

/// <summary>Sends and reads files: bytes, not text.</summary>
internal static class FileClient
{
    public static Task<ApiAnswer> UploadAsync(this Person person, string route, byte[] bytes) =>
        person.SendBytesAsync("POST", $"/api/media/{route}", bytes);

    public static async Task<ApiAnswer> SendBytesAsync(this Person person, string method, string path, byte[] bytes)
    {
        using ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await ApiServer.Client.SendAsync(method, path, person.Token, content, new Dictionary<string, string>());
    }

    /// <summary>Uploads a file that must be taken; its name.</summary>
    public static async Task<string> MustUploadAsync(this Person person, string route, byte[] bytes) =>
        (string)(await person.UploadAsync(route, bytes)).MustBe(201).Json["blobId"]!;

    /// <summary>Begins an upload of 6 bytes to a chat; its name.</summary>
    public static async Task<string> BeginUploadAsync(this Person person, long chatId)
    {
        ApiAnswer begun = await person.PostAsync("/api/media/uploads", new { purpose = "media", chatId, fileName = "a.gif", bytes = 6 });
        return (string)begun.MustBe(201).Json["blobId"]!;
    }

    /// <summary>Sends a message that shows a file; its sequence.</summary>
    public static async Task<long> ShowAsync(this Person person, long chatId, string blobId, string contentType, long bytes, int? forwarded = null)
    {
        object content = new { kind = "image", forwarded, media = new { blobId, contentType, bytes } };
        ApiAnswer sent = await person.PostAsync($"/api/chats/{chatId}/messages", new { clientMessageId = Guid.NewGuid(), text = "", content });
        return (long)sent.MustBe(200).Json["sequence"]!;
    }

    /// <summary>The address under which the file is read.</summary>
    public static async Task<string> LinkAsync(this Person person, string blobId) =>
        (string)(await person.GetAsync($"/api/media/{blobId}/link")).MustBe(200).Json["url"]!;

    public static async Task<FileAnswer> ReadAsync(string url, string? range = null, string method = "GET")
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(ApiServer.Client.Address, url));
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage response = await http.SendAsync(request);
        return new FileAnswer(
            response.StatusCode, await response.Content.ReadAsByteArrayAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}

internal sealed record FileAnswer(HttpStatusCode Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers);
