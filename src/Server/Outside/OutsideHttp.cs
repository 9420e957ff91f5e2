using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Chat.Domain.Outside;

namespace Chat.Server.Outside;

/// <summary>
/// Asks hosts that people name. A connection goes to no address but a public one, whatever a name leads to at that moment; nothing is followed
/// to elsewhere, nothing is kept, no proxy is asked, and neither a slow answer nor a long one costs much. Thread-safe.
/// </summary>
internal sealed class OutsideHttp : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MaxAnswerBytes = 4_096;
    private const int MaxHeaderKibibytes = 16;
    private const int MaxAddresses = 4;

    private readonly Func<IPAddress, bool> _mayAsk;
    private readonly NameLookup _names;
    private readonly HttpClient _client;

    /// <param name="isOwnNetworkAllowed">Private addresses are right, too.</param>
    /// <param name="trusts">Judges certificates in place of the system; for tests.</param>
    public OutsideHttp(bool isOwnNetworkAllowed, TimeProvider time, RemoteCertificateValidationCallback? trusts = null)
        : this(isOwnNetworkAllowed ? static _ => true : PublicAddress.IsPublic, new NameLookup(time), trusts)
    {
    }

    /// <param name="mayAsk">Says of an address that a name leads to whether a connection may go there.</param>
    public OutsideHttp(Func<IPAddress, bool> mayAsk, NameLookup names, RemoteCertificateValidationCallback? trusts = null)
    {
        (_mayAsk, _names) = (mayAsk, names);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = Patience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // so that what a name leads to is judged again
            MaxResponseHeadersLength = MaxHeaderKibibytes,
            MaxResponseDrainSize = MaxAnswerBytes,
            ConnectCallback = ConnectAsync,
        };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy // a certificate may name where its issuer's is to be had, which would be asked past all this
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (trusts is not null) handler.SslOptions.RemoteCertificateValidationCallback = trusts;
        _client = new HttpClient(handler)
        {
            Timeout = Patience,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>Asks, and reads the beginning of the answer.</summary>
    /// <exception cref="HttpRequestException">The host cannot be reached; with <see cref="OutsideAddressException"/> inside: it must not be.</exception>
    /// <exception cref="TaskCanceledException">It took too long, or <paramref name="ct"/> was cancelled.</exception>
    public async Task<OutsideAnswer> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience); // the client's own time ends with the headers
        request.Options.Set(ConnectWait.Key, new ConnectWait(patience.Token));
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using Stream stream = await response.Content.ReadAsStreamAsync(patience.Token);
        byte[] body = new byte[MaxAnswerBytes];
        int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, patience.Token);
        return new OutsideAnswer((int)response.StatusCode, response.Headers.RetryAfter, body.AsMemory(0, length));
    }

    /// <summary>Asks, and hands out the answer with its headers; who asked reads no more of its body than they want, and disposes of it.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    /// <exception cref="OutsideBusyException">It took too long, and all of it was this node's own.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken ct)
    {
        ConnectWait wait = new(ct);
        request.Options.Set(ConnectWait.Key, wait);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (OperationCanceledException fault) when (wait.IsForTurn)
        {
            throw new OutsideBusyException(fault);
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        if (!context.InitialRequestMessage.Options.TryGetValue(ConnectWait.Key, out ConnectWait? wait)) return await ConnectAsync(context.DnsEndPoint, null, ct);

        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(ct, wait.Given); // the handler's own goes on when nobody waits
        return await ConnectAsync(context.DnsEndPoint, wait, ends.Token);
    }

    private async Task<Stream> ConnectAsync(DnsEndPoint host, ConnectWait? wait, CancellationToken ct)
    {
        IPAddress[] found = await _names.FindAsync(host.Host, ct, wait);
        IPAddress[] addresses = Array.FindAll(found, address => _mayAsk(address));
        if (addresses.Length == 0) throw new OutsideAddressException("The name leads to no address of the public internet.");

        for (int i = 0; ; i++)
        {
            Socket socket = new(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], host.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception fault)
            {
                socket.Dispose();
                bool isLast = i + 1 >= Math.Min(addresses.Length, MaxAddresses);
                if (isLast || fault is not SocketException) throw;
            }
        }
    }
}

/// <summary>What a host said.</summary>
/// <param name="Body">The beginning of it.</param>
internal sealed record OutsideAnswer(int Status, System.Net.Http.Headers.RetryConditionHeaderValue? RetryAfter, ReadOnlyMemory<byte> Body);

/// <summary>A host that must not be asked.</summary>
internal sealed class OutsideAddressException(string message) : IOException(message);
