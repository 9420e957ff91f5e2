using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Chat.Storage.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Media;

/// <summary>Files: uploading them in one request, links to them, deleting them .</summary>
internal static class MediaEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/media").WithTags("Media");
        Upload(group.MapPost("/upload", UploadFileAsync), "uploadFile", "Uploads a file for a chat: its owner's alone until a message shows it.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.Blocked);
        Upload(group.MapPost("/upload/avatar", UploadAvatarAsync), "uploadAvatar", "Uploads a picture of oneself.");
        const string picture = "Uploads the picture of a group or channel; for those who may change it.";
        Upload(group.MapPost("/upload/chat-avatar", UploadChatAvatarAsync), "uploadChatAvatar", picture)
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed);
        Upload(group.MapPost("/upload/status", UploadStatusAsync), "uploadStatus", "Uploads the image or video of a status.");
        group.MapGet("/{blobId}/link", GetLinkAsync)
            .Describe("getFileLink", "Gives a link to a file, good for a while: to its owner, to who may see a message or status that shows it, and to whom a picture is shown.")
            .FailsWith(ErrorCode.BlobNotFound);
        group.MapDelete("/delete", DeleteAsync)
            .Describe("deleteFile", "Deletes a file, or gives up its upload: its owner may, and once a message shows it an admin of its chat. A status's goes with the status only.")
            .FailsWith(ErrorCode.BlobNotFound, ErrorCode.NotAllowed);
    }

    private static RouteHandlerBuilder Upload(RouteHandlerBuilder route, string operationId, string summary) =>
        route.Describe(operationId, summary).WithMetadata(new RawBody("The file's bytes, with their Content-Length.")).FailsWith(
            ErrorCode.BlobTooLarge, ErrorCode.ContentNotAllowed, ErrorCode.QuotaExceeded, ErrorCode.Busy);

    private static Task<Results<Created<FileResource>, ProblemAnswer>> UploadFileAsync(
        HttpContext http, WholeNumber? chatId, string? fileName, UploadBlob upload, CancellationToken ct) =>
        UploadAsync(http, BlobPurpose.Media, chatId, fileName, upload, ct);

    private static Task<Results<Created<FileResource>, ProblemAnswer>> UploadAvatarAsync(
        HttpContext http, string? fileName, UploadBlob upload, CancellationToken ct) =>
        UploadAsync(http, BlobPurpose.Avatar, null, fileName, upload, ct);

    private static Task<Results<Created<FileResource>, ProblemAnswer>> UploadChatAvatarAsync(
        HttpContext http, WholeNumber? chatId, string? fileName, UploadBlob upload, CancellationToken ct) =>
        UploadAsync(http, BlobPurpose.ChatAvatar, chatId, fileName, upload, ct);

    private static Task<Results<Created<FileResource>, ProblemAnswer>> UploadStatusAsync(
        HttpContext http, string? fileName, UploadBlob upload, CancellationToken ct) =>
        UploadAsync(http, BlobPurpose.Status, null, fileName, upload, ct);

    private static async Task<Results<Created<FileResource>, ProblemAnswer>> UploadAsync(
        HttpContext http, BlobPurpose purpose, WholeNumber? chatId, string? fileName, UploadBlob upload, CancellationToken ct)
    {
        if (RawBody.Admit(http) is not { } bytes) return RawBody.LengthMissing();

        UploadInput input = new(purpose, chatId?.Value, fileName, bytes);
        Result<BlobRow> stored = await upload.ExecuteAsync(http.Caller(), input, http.Request.Body, ct);
        return stored.ToCreated(FileResource.From, row => $"/api/media/{new BlobName(row.Id)}/link");
    }

    private static async Task<Results<Ok<FileLinkResource>, ProblemAnswer>> GetLinkAsync(
        HttpContext http, string blobId, string? invite, GetBlobLink getLink, CancellationToken ct) =>
        (await getLink.ExecuteAsync(http.Caller(), blobId, invite, ct)).ToOk(FileLinkResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> DeleteAsync(
        HttpContext http, string? blobId, DeleteBlob delete, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(blobId)) return ProblemAnswer.Missing("blobId");

        return (await delete.ExecuteAsync(http.Caller(), blobId, ct)).ToNoContent();
    }
}
