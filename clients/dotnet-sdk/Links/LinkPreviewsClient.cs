using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk.Links;

/// <summary>Cards of the pages that messages link to, made by the service. Thread-safe.</summary>
public sealed class LinkPreviewsClient
{
    private readonly LinkRest _rest;

    internal LinkPreviewsClient(LinkRest rest) => _rest = rest;

    /// <summary>
    /// The card of a page, to be sent as <see cref="MessageContent.Link"/> of a text that has the address. Null where there is none, or of such an
    /// address none is made: the message goes without.
    /// </summary>
    /// <param name="url">As it stands in the text.</param>
    /// <param name="chatId">The chat that the message goes to: the picture is uploaded for it. Null: without a picture.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>not_configured</c> (the service makes none), <c>busy</c>, <c>rate_limited</c>.</exception>
    public async Task<LinkPreview?> ReadAsync(string url, long? chatId = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        try
        {
            return (await _rest.MakeAsync(new LinkPreviewBody(url, chatId), cancellationToken).ConfigureAwait(false)).ToPreview();
        }
        catch (ChatException fault) when ((ErrorCode)fault.Code is ErrorCode.PreviewUnavailable or ErrorCode.UrlRefused)
        {
            return null;
        }
    }
}
