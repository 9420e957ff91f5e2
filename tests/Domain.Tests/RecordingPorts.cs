using System.Collections.Concurrent;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Storage;

namespace Chat.Domain.Tests;

internal sealed class RecordingSessions : ISessions
{
    public ConcurrentQueue<(long PrincipalId, long DeviceId, DisconnectCode Code)> Disconnected { get; } = new();

    public ConcurrentDictionary<long, bool> ConnectedDevices { get; } = new();

    public bool IsConnected(long principalId, long deviceId) => ConnectedDevices.ContainsKey(deviceId);

    public void Disconnect(long principalId, long deviceId, DisconnectCode code) => Disconnected.Enqueue((principalId, deviceId, code));
}

internal sealed class RecordingEvents : ICommittedEvents
{
    public ConcurrentQueue<EventRow> Committed { get; } = new();

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        foreach (EventRow row in events) Committed.Enqueue(row);
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds) =>
        throw new NotSupportedException("No commit of these tests loses its answer.");
}

internal sealed class RecordingFanout : IEphemeralFanout
{
    public ConcurrentQueue<(long ChatId, byte[] Frame, long ExceptSessionId)> Published { get; } = new();

    public ConcurrentDictionary<(long ChatId, long PrincipalId), bool> Online { get; } = new();

    public void PublishEphemeral(long chatId, byte[] webSocketFrame, long exceptSessionId = 0) =>
        Published.Enqueue((chatId, webSocketFrame, exceptSessionId));

    public void PublishHere(long chatId, Func<long, byte[]> encode) => Published.Enqueue((chatId, encode(chatId), 0));

    public bool IsMemberOnline(long chatId, long principalId) => Online.ContainsKey((chatId, principalId));
}

internal sealed class RecordingSubscriber(long sessionId, long principalId) : ISubscriber
{
    public long SessionId => sessionId;

    public long PrincipalId => principalId;

    public long DeviceId => 1;

    public ConcurrentQueue<(byte[] Frame, bool Ephemeral)> Pushed { get; } = new();

    public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral)
    {
        Pushed.Enqueue((webSocketFrames.ToArray(), ephemeral));
        return true;
    }

    public void Wake(Subscription subscription) => throw new NotSupportedException("Presence wakes nobody.");
}
