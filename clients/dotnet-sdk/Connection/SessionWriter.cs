using System.Threading.Channels;

using Chat.Sdk.Transport;

namespace Chat.Sdk.Connection;

/// <summary>Sends frames in the order in which they were given, many in one WebSocket message. Giving is thread-safe and never waits.</summary>
internal sealed class SessionWriter(ITransportConnection connection)
{
    /// <summary>Most bytes of one WebSocket message of ours: the largest frame with its prefix, protocol-spec.md §2.4.</summary>
    private const int MaxMessageBytes = 65_540;

    // Unbounded, and yet bounded: the outbox keeps a window, and every other request is awaited by its caller.
    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly byte[] _message = new byte[MaxMessageBytes];

    public void Write(byte[] frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Lets what was given go out, and then ends <see cref="RunAsync"/>.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    public async Task RunAsync(CancellationToken ct)
    {
        ChannelReader<byte[]> reader = _frames.Reader;
        while (await reader.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            int length = 0;
            while (reader.TryPeek(out byte[]? frame) && (length == 0 || length + frame.Length <= MaxMessageBytes))
            {
                reader.TryRead(out _);
                if (frame.Length > MaxMessageBytes)
                    throw new InvalidOperationException($"A frame of {frame.Length} bytes is over the protocol's bound.");

                frame.CopyTo(_message, length);
                length += frame.Length;
            }

            await connection.SendAsync(_message.AsMemory(0, length), ct).ConfigureAwait(false);
        }
    }
}
