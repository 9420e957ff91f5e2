using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>Calls the REST interface: JSON there and back, failures as <see cref="ChatException"/>. Thread-safe.</summary>
internal sealed class RestClient(HttpClient http, Uri baseUrl)
{
    private readonly string _root = baseUrl.AbsoluteUri.TrimEnd('/') + "/api/";

    public Uri BaseUrl => baseUrl;

    /// <summary>Sends and takes an answer.</summary>
    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody? body, JsonTypeInfo<TBody>? bodyType, JsonTypeInfo<TAnswer> answerType, string? token,
        CancellationToken ct)
        where TBody : class
    {
        using HttpContent? content = ContentOf(body, bodyType);
        return await SendAsync(method, path, content, answerType, token, ct).ConfigureAwait(false);
    }

    /// <summary>Sends bytes and takes an answer.</summary>
    public async Task<TAnswer> SendBytesAsync<TAnswer>(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> answerType, string token, CancellationToken ct)
    {
        using ReadOnlyMemoryContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await SendAsync(method, path, content, answerType, token, ct).ConfigureAwait(false);
    }

    /// <summary>Opens what stands at an address, without a token; the caller closes it.</summary>
    public async Task<Stream> OpenAsync(Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        HttpResponseMessage response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false); // closing it closes the response
    }

    /// <summary>Sends; what the answer holds is not of interest.</summary>
    public async Task SendOnlyAsync<TBody>(
        HttpMethod method, string path, TBody? body, JsonTypeInfo<TBody>? bodyType, string? token, CancellationToken ct)
        where TBody : class
    {
        using HttpContent? content = ContentOf(body, bodyType);
        using HttpRequestMessage request = RequestOf(method, path, content, token);
        using HttpResponseMessage response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, ct).ConfigureAwait(false);
    }

    private async Task<TAnswer> SendAsync<TAnswer>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TAnswer> answerType, string? token, CancellationToken ct)
    {
        using HttpRequestMessage request = RequestOf(method, path, content, token);
        using HttpResponseMessage response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, ct).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync(answerType, ct).ConfigureAwait(false)
                ?? throw NotOurs(response, null);
        }
        catch (JsonException strange)
        {
            throw NotOurs(response, strange);
        }
    }

    private HttpRequestMessage RequestOf(HttpMethod method, string path, HttpContent? content, string? token)
    {
        HttpRequestMessage request = new(method, _root + path) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static JsonContent? ContentOf<TBody>(TBody? body, JsonTypeInfo<TBody>? bodyType)
        where TBody : class =>
        body is not null && bodyType is not null ? JsonContent.Create(body, bodyType) : null;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken ct)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, ct).ConfigureAwait(false);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or SocketException)
        {
            // A connection that is reset right after it was made is a bare SocketException of the handler's.
            throw new ChatException(
                ErrorCode.Unavailable, $"{_root} cannot be reached: {unreachable.Message}", innerException: unreachable);
        }
        catch (TaskCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new ChatException(ErrorCode.Unavailable, $"{_root} does not answer.", innerException: late);
        }

        if (response.IsSuccessStatusCode) return response;

        using (response) throw await ReadProblemAsync(response, ct).ConfigureAwait(false);
    }

    private static async Task<ChatException> ReadProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            ProblemAnswer? problem = await response.Content.ReadFromJsonAsync(RestJson.Default.ProblemAnswer, ct).ConfigureAwait(false);
            if (problem is not { Code: > 0 }) return NotOurs(response, null);

            TimeSpan? retryAfter = problem.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : response.Headers.RetryAfter?.Delta;
            string name = problem.Name ?? ErrorCodes.Name((ErrorCode)problem.Code);
            return new ChatException(problem.Code, name, problem.Detail ?? name, problem.Retryable, retryAfter);
        }
        catch (JsonException strange)
        {
            return NotOurs(response, strange);
        }
    }

    /// <summary>A proxy's page, or another service: by its status it may be better later, or not.</summary>
    private static ChatException NotOurs(HttpResponseMessage response, Exception? cause)
    {
        int status = (int)response.StatusCode;
        return new ChatException(
            status is 429 or >= 500 ? ErrorCode.Unavailable : ErrorCode.InvalidArgument,
            $"{response.RequestMessage?.RequestUri} answered {status} with something that is not of this service.",
            response.Headers.RetryAfter?.Delta,
            cause);
    }
}
