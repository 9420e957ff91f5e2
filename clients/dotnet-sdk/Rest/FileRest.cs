using System.Globalization;

namespace Chat.Sdk.Rest;

/// <summary>The routes of files. Thread-safe.</summary>
internal sealed class FileRest(SignedInCalls calls, RestClient rest)
{
    public Task<UploadAnswer> BeginAsync(NewUploadBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Post, "media/uploads", body, RestJson.Default.NewUploadBody, RestJson.Default.UploadAnswer, bearer, ct),
        ct);

    public Task<UploadAnswer> FindAsync(string blobId, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, UploadAnswer>(
            HttpMethod.Get, Upload(blobId), null, null, RestJson.Default.UploadAnswer, bearer, ct),
        ct);

    public Task<UploadAnswer> AddPartAsync(string blobId, long offset, ReadOnlyMemory<byte> part, CancellationToken ct) =>
        calls.AskAsync(
            bearer => rest.SendBytesAsync(
                HttpMethod.Patch, string.Create(CultureInfo.InvariantCulture, $"{Upload(blobId)}?offset={offset}"), part,
                RestJson.Default.UploadAnswer, bearer, ct),
            ct);

    public Task<UploadedFile> CompleteAsync(string blobId, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, UploadedFile>(
            HttpMethod.Post, Upload(blobId) + "/complete", null, null, RestJson.Default.UploadedFile, bearer, ct),
        ct);

    public async Task<FileLink> LinkAsync(string blobId, string? invite, CancellationToken ct)
    {
        string query = invite is null ? "" : $"?invite={Uri.EscapeDataString(invite)}";
        FileLinkAnswer answer = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, FileLinkAnswer>(
                HttpMethod.Get, $"media/{Uri.EscapeDataString(blobId)}/link{query}", null, null, RestJson.Default.FileLinkAnswer, bearer, ct),
            ct).ConfigureAwait(false);
        return new FileLink(new Uri(rest.BaseUrl, answer.Url), answer.UrlExpiresAt, answer.File);
    }

    public Task DeleteAsync(string blobId, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(
            HttpMethod.Delete, $"media/delete?blobId={Uri.EscapeDataString(blobId)}", null, null, bearer, ct),
        ct);

    public Task<Stream> OpenAsync(Uri url, CancellationToken ct) => rest.OpenAsync(url, ct);

    private static string Upload(string blobId) => $"media/uploads/{Uri.EscapeDataString(blobId)}";
}
