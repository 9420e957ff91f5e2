using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>
/// Shows something to one's contacts for a day: to whom, says the caller's privacy of this moment, for good. A retry with the same id
/// gives the first one. Told to the caller's devices by the inbox, and to whom it is for as a hint.
/// </summary>
public sealed class PostStatus(StatusStore store, RequestLimits limits, MediaOptions options, StatusAnnouncer announcer)
{
    public async Task<Result<StatusRow>> ExecuteAsync(Caller caller, StatusInput input, CancellationToken ct)
    {
        if (StatusRules.Judge(input) is { } refused) return refused;
        StatusFile? file = null;
        if (input.Media is { } media)
        {
            if (!BlobName.TryParse(media.BlobId, out BlobName name)) return MediaFailures.NotFound();
            file = new StatusFile(name.Value, ContentJson.WriteMedia(media), media.ContentType, media.Bytes);
        }

        if (limits.JudgeStatus(caller) is { } limited) return limited;
        NewStatus wished = new(input.ClientStatusId, (short)input.Kind, input.Text, input.Background, (short?)input.Font, file);
        int most = limits.Settings.ActiveStatuses;
        (StatusOutcome outcome, StatusRow? posted, bool isNew) = await store.PostAsync(
            caller.PrincipalId, wished, options.StatusRetention, most, ct);
        if (posted is null) return Refuse(outcome, most);

        if (isNew) announcer.Announce(caller.PrincipalId, posted.Id);
        return posted;
    }

    private static Failure Refuse(StatusOutcome outcome, int most) => outcome switch
    {
        StatusOutcome.AuthorNotFound => Failures.AccountIsGone(),
        StatusOutcome.IdReused => new Failure(
            ErrorCode.ClientMessageIdReused,
            "client_status_id was used for another status: make a new id for each new one.",
            Field: "client_status_id"),
        StatusOutcome.TooMany => StatusFailures.TooMany(most),
        StatusOutcome.FileNotFound => MediaFailures.NotFound(),
        StatusOutcome.FileDiffers => Failures.Invalid(
            "media", "media has another content_type or bytes than the file: send what its upload answered."),
        StatusOutcome.OlderNode => StatusFailures.OlderNode(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "This outcome is no failure of posting."),
    };
}
