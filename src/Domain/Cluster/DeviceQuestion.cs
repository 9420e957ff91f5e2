using System.Buffers.Binary;
using Chat.Storage.Push;

namespace Chat.Domain.Cluster;

/// <summary>
/// What nodes ask each other on the control channel before they push: which of these devices are connected to you? And the answer. Format, kind and
/// a byte that tells the two apart, the number of the question, then a count and the pairs of principal and device, and whose message it is, numbers little-endian.
/// </summary>
/// <param name="IsAnswer">The devices are those that are connected to the node that answers.</param>
/// <param name="Number">Made at random by the node that asks.</param>
/// <param name="From">The incarnation of the node that asks, or answers.</param>
public sealed record DeviceQuestion(bool IsAnswer, long Number, IReadOnlyList<AskedDevice> Devices, long From)
{
    /// <summary>Devices that one question may carry.</summary>
    public const int MaxDevices = 500;

    private const byte Format = 1;
    private const int CountAt = 3 + sizeof(long);
    private const int DevicesAt = CountAt + sizeof(ushort);
    private const int DeviceBytes = 2 * sizeof(long);

    public byte[] Encode()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Devices.Count, MaxDevices);
        byte[] bytes = new byte[DevicesAt + Devices.Count * DeviceBytes + sizeof(long)];
        (bytes[0], bytes[1], bytes[2]) = (Format, (byte)ControlKind.DevicesAsked, IsAnswer ? (byte)1 : (byte)0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(3), Number);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CountAt), (ushort)Devices.Count);
        for (int i = 0; i < Devices.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(DevicesAt + i * DeviceBytes), Devices[i].PrincipalId);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(DevicesAt + i * DeviceBytes + sizeof(long)), Devices[i].DeviceId);
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.Length - sizeof(long)), From);
        return bytes;
    }

    /// <summary>Null for anything else.</summary>
    public static DeviceQuestion? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < DevicesAt || bytes[0] != Format || bytes[1] != (byte)ControlKind.DevicesAsked || bytes[2] > 1) return null;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[CountAt..]);
        if (count > MaxDevices || bytes.Length - DevicesAt < count * DeviceBytes + sizeof(long)) return null;

        AskedDevice[] devices = new AskedDevice[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> device = bytes[(DevicesAt + i * DeviceBytes)..];
            devices[i] = new AskedDevice(BinaryPrimitives.ReadInt64LittleEndian(device), BinaryPrimitives.ReadInt64LittleEndian(device[sizeof(long)..]));
        }

        long from = BinaryPrimitives.ReadInt64LittleEndian(bytes[(DevicesAt + count * DeviceBytes)..]);
        return new DeviceQuestion(bytes[2] == 1, BinaryPrimitives.ReadInt64LittleEndian(bytes[3..]), devices, from);
    }
}

/// <summary>A device and whose it is.</summary>
public readonly record struct AskedDevice(long PrincipalId, long DeviceId)
{
    internal static AskedDevice Of(PushTarget target) => new(target.PrincipalId, target.DeviceId);
}
