using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>Asks a clamd by its command INSTREAM (clamd(8)): a connection a file, nothing of it touches a disk of ours.
/// Thread-safe.</summary>
internal sealed class ClamScanner(EndPoint address, TimeSpan timeout, bool isRequired, ILogger log) : IBlobScanner
{
    private const int PieceBytes = 64 * 1024;
    private const int MaxAnswerBytes = 4096;

    private static readonly byte[] Command = "zINSTREAM\0"u8.ToArray();

    /// <summary>Reads <c>host:port</c>, <c>[::1]:port</c> or the path of a Unix socket.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EndPoint? address)
    {
        address = null;
        if (text.StartsWith('/')) address = new UnixDomainSocketEndPoint(text);
        else if (IPEndPoint.TryParse(text, out IPEndPoint? ip) && ip.Port > 0) address = ip;
        else if (text.Split(':') is [{ Length: > 0 } host, { } port] && ushort.TryParse(port, out ushort number) && number > 0)
            address = new DnsEndPoint(host, number);
        return address is not null;
    }

    /// <inheritdoc/>
    public async Task<string?> FindVirusAsync(Stream content, CancellationToken ct)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(timeout);
        try
        {
            using Socket socket = NewSocket();
            if (!await TryConnectAsync(socket, late.Token)) return null;

            await using NetworkStream stream = new(socket);
            await SendAsync(content, stream, late.Token);
            return Judge(await ReadAnswerAsync(stream, late.Token));
        }
        catch (SocketException fault)
        {
            throw new IOException($"clamd at {address} cannot be reached: {fault.Message}", fault);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"clamd at {address} gave no verdict within {timeout}.", fault);
        }
    }

    /// <summary>False when clamd is not there and need not be.</summary>
    private async Task<bool> TryConnectAsync(Socket socket, CancellationToken ct)
    {
        try
        {
            await socket.ConnectAsync(address, ct);
            return true;
        }
        catch (SocketException fault) when (!isRequired)
        {
            ScannerLog.NotScanned(log, $"{address}", fault);
            return false;
        }
    }

    private Socket NewSocket() => address switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
        _ => new Socket(SocketType.Stream, ProtocolType.Tcp),
    };

    private static async Task SendAsync(Stream content, NetworkStream stream, CancellationToken ct)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes + sizeof(int));
        try
        {
            await stream.WriteAsync(Command, ct);
            int read;
            do
            {
                read = await content.ReadAsync(piece.AsMemory(sizeof(int), PieceBytes), ct);
                BinaryPrimitives.WriteInt32BigEndian(piece, read); // a piece of no length ends the file
                if (!await TryWriteAsync(stream, piece.AsMemory(0, sizeof(int) + read), ct)) return;
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>False when clamd has closed: of a file over its limit it says so and hangs up, and that answer is still to be
    /// read.</summary>
    private static async Task<bool> TryWriteAsync(NetworkStream stream, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await stream.WriteAsync(bytes, ct);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<string> ReadAnswerAsync(NetworkStream stream, CancellationToken ct)
    {
        byte[] answer = new byte[MaxAnswerBytes];
        int read = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(answer, 0, read).TrimEnd('\0', '\n', ' ');
    }

    /// <summary>"stream: OK", "stream: NAME FOUND"; anything else is no verdict.</summary>
    private static string? Judge(string answer)
    {
        const string Prefix = "stream: ";
        const string Found = " FOUND";
        if (answer == "stream: OK") return null;
        if (answer.StartsWith(Prefix, StringComparison.Ordinal) && answer.EndsWith(Found, StringComparison.Ordinal)
            && answer.Length > Prefix.Length + Found.Length)
            return answer[Prefix.Length..^Found.Length];

        throw new IOException($"clamd gave no verdict: {(answer.Length == 0 ? "it closed the connection" : answer)}");
    }
}
