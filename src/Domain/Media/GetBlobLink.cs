using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Storage.Media;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>
/// Gives who may read a file a link that is good for a while: its owner, whoever may see a message or status that shows it,
/// and of a picture whoever is shown it (protocol-spec.md §8.8).
/// </summary>
public sealed class GetBlobLink(BlobTable blobs, DownloadLinks links, RequestLimits limits, ILogger<GetBlobLink> log)
{
    /// <param name="invite">The code of an invite link by which the caller looks at a group or channel; null without one.</param>
    public async Task<Result<BlobLink>> ExecuteAsync(Caller caller, string blobId, string? invite, CancellationToken ct)
    {
        if (limits.JudgeLink(caller) is { } limited) return limited;
        if (!BlobName.TryParse(blobId, out BlobName name)) return MediaFailures.NotFound();

        BlobAccess? access = await blobs.FindAsync(name.Value, caller.PrincipalId, InviteCode.IsOne(invite) ? invite : null, ct);
        if (access is not { Blob.State: BlobStates.Stored, IsOver: false }) return MediaFailures.NotFound();
        if (access.Blob.OwnerId != caller.PrincipalId && !access.IsShown) return MediaFailures.NotFound();

        MediaLog.Linked(log, name.Value, caller.PrincipalId);
        string signature = links.Sign(name, caller, out long expiresAt);
        return new BlobLink(access.Blob, caller, signature, expiresAt);
    }
}

/// <summary>A permission to read one file.</summary>
/// <param name="Holder">Who it is given to.</param>
/// <param name="ExpiresAt">Unix seconds.</param>
public sealed record BlobLink(BlobRow Blob, Caller Holder, string Signature, long ExpiresAt);
