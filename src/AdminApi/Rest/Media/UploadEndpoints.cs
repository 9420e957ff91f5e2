using System.Globalization;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Media;

/// <summary>Uploads in parts, which go on after a break where they were. Only who began one can see it.</summary>
internal static class UploadEndpoints
{
    /// <summary>Headers that tell where an upload stands; HEAD has nothing else.</summary>
    private const string OffsetHeader = "Upload-Offset";
    private const string LengthHeader = "Upload-Length";

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/media/uploads").WithTags("Media");
        group.MapPost("", BeginAsync)
            .Describe("beginUpload", "Makes room for a file that will be sent in parts.")
            .FailsWith(ErrorCode.ChatNotFound, ErrorCode.NotAllowed, ErrorCode.Blocked, ErrorCode.BlobTooLarge, ErrorCode.ContentNotAllowed,
                ErrorCode.QuotaExceeded, ErrorCode.Busy);
        group.MapGet("/{blobId}", GetAsync)
            .Describe("getUpload", "Tells how much of an upload has come: the offset of the next part.")
            .FailsWith(ErrorCode.BlobNotFound);
        group.MapMethods("/{blobId}", [HttpMethods.Head], GetAsync)
            .Describe("headUpload", "Tells the same in the headers Upload-Offset and Upload-Length.")
            .FailsWith(ErrorCode.BlobNotFound);
        group.MapPatch("/{blobId}", AddPartAsync)
            .Describe("addPart", "Sends the part of a file that begins at an offset. One that breaks off leaves nothing.")
            .WithMetadata(new RawBody("The part's bytes, with their Content-Length; from 64 KiB, but for the last one, to 8 MiB."))
            .FailsWith(ErrorCode.BlobNotFound, ErrorCode.UploadOffsetMismatch, ErrorCode.BlobTooLarge);
        group.MapPost("/{blobId}/complete", CompleteAsync)
            .Describe("completeUpload", "Makes the file, once all of it has come. May be repeated.")
            .FailsWith(ErrorCode.BlobNotFound, ErrorCode.UploadOffsetMismatch, ErrorCode.ContentNotAllowed, ErrorCode.Busy);
    }

    private static async Task<Results<Created<UploadResource>, ProblemAnswer>> BeginAsync(
        NewUploadBody body, HttpContext http, BeginUpload begin, CancellationToken ct)
    {
        if (body.Purpose is not { } purpose) return ProblemAnswer.Missing("purpose");
        if (body.Bytes is not { } bytes) return ProblemAnswer.Missing("bytes");

        UploadInput input = new(purpose, body.ChatId?.Value, body.FileName, bytes.Value);
        Result<UploadState> made = await begin.ExecuteAsync(http.Caller(), input, ct);
        return made.ToCreated(UploadResource.From, upload => $"/api/media/uploads/{upload.BlobId}");
    }

    private static async Task<Results<Ok<UploadResource>, ProblemAnswer>> GetAsync(
        HttpContext http, string blobId, FindUpload find, CancellationToken ct) =>
        Answer(http, await find.ExecuteAsync(http.Caller(), blobId, ct));

    private static async Task<Results<Ok<UploadResource>, ProblemAnswer>> AddPartAsync(
        HttpContext http, string blobId, WholeNumber? offset, AddPart add, CancellationToken ct)
    {
        if (offset is not { } start) return ProblemAnswer.Missing("offset");
        if (RawBody.Admit(http) is not { } bytes) return RawBody.LengthMissing();

        return Answer(http, await add.ExecuteAsync(http.Caller(), blobId, start.Value, http.Request.Body, bytes, ct));
    }

    private static async Task<Results<Ok<FileResource>, ProblemAnswer>> CompleteAsync(
        HttpContext http, string blobId, CompleteUpload complete, CancellationToken ct) =>
        (await complete.ExecuteAsync(http.Caller(), blobId, ct)).ToOk(FileResource.From);

    private static Results<Ok<UploadResource>, ProblemAnswer> Answer(HttpContext http, Result<UploadState> upload)
    {
        if (upload.IsOk)
        {
            http.Response.Headers[OffsetHeader] = upload.Value.Received.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers[LengthHeader] = upload.Value.Bytes.ToString(CultureInfo.InvariantCulture);
        }

        return upload.ToOk(UploadResource.From);
    }
}
