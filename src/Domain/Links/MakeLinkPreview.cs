using Chat.Domain.Limits;
using Chat.Domain.Outside;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Links;

/// <summary>
/// Makes the card of a page, for its asker to send with a message (protocol-spec.md §8.16): what the page says of itself, its picture as a file
/// of the asker, and a token that stands for all of it. Thread-safe.
/// </summary>
public sealed class MakeLinkPreview(LinkCache pages, LinkPictures pictures, LinkTokens tokens, LinkPreviewOptions options, RequestLimits limits)
{
    /// <param name="url">As it stands in the text.</param>
    /// <param name="chatId">Where the message goes; null: without the picture, which is a file of a chat.</param>
    public async Task<Result<WireLink>> ExecuteAsync(Caller caller, string url, long? chatId, CancellationToken ct)
    {
        if (!options.Enabled) return LinkFailures.Off();
        if (limits.JudgePreview(caller) is { } limited) return limited;
        if (!PublicUrl.TryReadPage(url, options.AllowPrivateAddresses, out Uri? address, out string? wrong))
        {
            LinkMetrics.Refused();
            return LinkFailures.UrlRefused(wrong);
        }

        Result<LinkPage?> found = await pages.GetAsync(address, caller.PrincipalId, ct);
        if (!found.IsOk) return found.Failure;
        if (found.Value is not { HasContent: true } page) return LinkFailures.PreviewUnavailable();

        WireMedia? image = chatId is { } chat && page.Image is { } picture ? await pictures.KeepAsync(caller, chat, picture, ct) : null;
        return image is null && page.Title is null && page.Description is null
            ? LinkFailures.PreviewUnavailable()
            : tokens.Sign(new WireLink(url, page.Title, page.Description, page.SiteName, image, Token: ""));
    }
}
