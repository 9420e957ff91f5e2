using System.Net.Http.Headers;
using Chat.Domain;
using Chat.Domain.Links;
using Chat.Domain.Outside;
using Chat.Server.Diagnostics;
using Chat.Server.Outside;

namespace Chat.Server.Links;

/// <summary>
/// Fetches pages that people link to: at public addresses only, each redirect judged as the address itself was, in bounded time and of bounded size
/// whatever the page does. Says nothing of who asks. Thread-safe.
/// </summary>
internal sealed class LinkFetcher(OutsideHttp http, LinkPreviewOptions options, TimeProvider time) : ILinkPages, IDisposable
{
    private const int MaxRedirects = 3;

    private const string PageTypes = "text/html,application/xhtml+xml,image/jpeg,image/png,image/webp,image/gif";
    private const string ImageTypes = "image/jpeg,image/png,image/webp,image/gif";

    private static readonly ProductInfoHeaderValue Product = new("ChatLinkPreview", ServerVersion.Number);

    public async Task<Result<LinkPage?>> FetchAsync(Uri url, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(options.Patience, time);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            if (await ReadPageAsync(url, ends.Token) is { HasContent: true } page)
            {
                LinkMetrics.Fetched();
                return page;
            }

            LinkMetrics.Failed();
            return (LinkPage?)null;
        }
        catch (OutsideBusyException) when (!ct.IsCancellationRequested)
        {
            LinkMetrics.Busy();
            return LinkFailures.Busy();
        }
        catch (Exception fault) when (IsOfOutside(fault) && !ct.IsCancellationRequested)
        {
            if (IsRefusal(fault)) LinkMetrics.Refused();
            else LinkMetrics.Failed();
            return (LinkPage?)null;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<LinkPage?> ReadPageAsync(Uri url, CancellationToken ct)
    {
        (HttpResponseMessage response, Uri at) = await FollowAsync(url, PageTypes, ct);
        PageCard card;
        using (response)
        {
            string? type = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
            if (!response.IsSuccessStatusCode) return null;
            if (LinkImages.IsImage(type))
                return await BoundedBody.ReadWholeAsync(response, LinkImages.MaxBytes, ct) is { } bytes && LinkImages.Read(bytes) is { } image
                    ? new LinkPage(PageCard.TitleOfFile(at), null, null, image)
                    : null;
            if (type is not ("text/html" or "application/xhtml+xml")) return null;

            ReadOnlyMemory<byte> html = await BoundedBody.ReadHeadAsync(response, PageCard.MaxHtmlBytes, ct);
            card = PageCard.Read(html.Span, response.Content.Headers.ContentType?.CharSet, at);
        }

        LinkImage? picture = card.Image is null ? null : await ReadImageAsync(at, card.Image, ct);
        return new LinkPage(card.Title, card.Description, card.SiteName, picture);
    }

    /// <summary>Null when it cannot be had: the page has its words.</summary>
    private async Task<LinkImage?> ReadImageAsync(Uri page, Uri url, CancellationToken ct)
    {
        try
        {
            Judge(page, url);
            (HttpResponseMessage response, _) = await FollowAsync(url, ImageTypes, ct);
            using (response)
            {
                return response.IsSuccessStatusCode && await BoundedBody.ReadWholeAsync(response, LinkImages.MaxBytes, ct) is { } bytes
                    ? LinkImages.Read(bytes)
                    : null;
            }
        }
        catch (Exception fault) when (IsOfOutside(fault))
        {
            return null; // also where the time is over: what the page says is here
        }
    }

    /// <summary>The answer, and from where it came in the end.</summary>
    private async Task<(HttpResponseMessage Response, Uri At)> FollowAsync(Uri url, string accepts, CancellationToken ct)
    {
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.UserAgent.Add(Product);
            request.Headers.TryAddWithoutValidation("Accept", accepts);
            request.Headers.TryAddWithoutValidation("Accept-Language", "*");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
            HttpResponseMessage response = await http.OpenAsync(request, ct);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return (response, url);

            response.Dispose();
            if (redirects == MaxRedirects) throw new OutsideAddressException($"More than {MaxRedirects} redirects.");
            if (!Uri.TryCreate(url, location, out Uri? next)) throw new OutsideAddressException("A redirect to no address.");
            Judge(url, next);
            url = next;
        }
    }

    /// <summary>What a page leads to is judged as what people name, and nothing leads out of encryption: a card would say what anybody on the way wrote.</summary>
    private void Judge(Uri from, Uri to)
    {
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps) throw new OutsideAddressException("From https to another scheme.");
        if (!PublicUrl.TryReadPage(to.AbsoluteUri, options.AllowPrivateAddresses, out _, out string? wrong)) throw new OutsideAddressException($"It leads to an address that {wrong}.");
    }

    private static bool IsRefusal(Exception fault) => fault is OutsideAddressException || fault.InnerException is OutsideAddressException;

    /// <summary>What hosts can bring about: that they are not there, hang, lie about their encoding, or name what is no address.</summary>
    private static bool IsOfOutside(Exception fault) =>
        fault is HttpRequestException or OperationCanceledException or IOException or InvalidDataException or UriFormatException;
}
