using System.Buffers.Binary;

namespace Chat.Domain.Cluster;

/// <summary>What a node may tell all others on <see cref="BrokerChannel.Control"/>. Numbers are never edited or used again.</summary>
public enum ControlKind : byte
{
    /// <summary>Devices of one principal were signed out.</summary>
    DevicesRevoked = 1,

    /// <summary>A stored setting changed: read them again.</summary>
    SettingsChanged = 2,

    /// <summary>People hide more, or less, than before: look again who may see them.</summary>
    PrivacyChanged = 3,

    /// <summary>A status was posted or deleted: tell those here whom it is for. The number is that of the event.</summary>
    StatusChanged = 39,

    /// <summary>Which devices are connected there, and the answer; read by <see cref="DeviceQuestion"/>.</summary>
    DevicesAsked = 46,
}

/// <summary>
/// The bytes of the control channel: format (1), kind, then what the kind carries, numbers little-endian. Bytes behind that are a newer
/// version's and ignored, and so is a format or kind that is not known here: nodes of two versions run side by side.
/// </summary>
/// <param name="PrincipalId">Whose devices, or status; otherwise 0.</param>
/// <param name="DeviceIds">Of <see cref="ControlKind.DevicesRevoked"/>, otherwise empty.</param>
/// <param name="PrincipalIds">Of <see cref="ControlKind.PrivacyChanged"/>, otherwise null.</param>
/// <param name="StatusId">Of <see cref="ControlKind.StatusChanged"/>, otherwise 0.</param>
public sealed record ControlOrder(
    ControlKind Kind, long PrincipalId, IReadOnlyList<long> DeviceIds, IReadOnlyList<long>? PrincipalIds = null, long StatusId = 0)
{
    /// <summary>Devices that one order may carry; more take several.</summary>
    public const int MaxDevices = 1_000;

    /// <summary>People that one order may name: the two of a block.</summary>
    public const int MaxPrincipals = 2;

    private const byte Format = 1;
    private const int HeaderBytes = 2;
    private const int DevicesAt = HeaderBytes + sizeof(long) + sizeof(ushort);

    public static byte[] EncodeSettingsChanged() => [Format, (byte)ControlKind.SettingsChanged];

    /// <param name="deviceIds">At most <see cref="MaxDevices"/>.</param>
    public static byte[] EncodeRevocation(long principalId, IReadOnlyCollection<long> deviceIds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceIds.Count, MaxDevices);
        byte[] bytes = new byte[DevicesAt + deviceIds.Count * sizeof(long)];
        (bytes[0], bytes[1]) = (Format, (byte)ControlKind.DevicesRevoked);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeaderBytes), principalId);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(HeaderBytes + sizeof(long)), (ushort)deviceIds.Count);
        int at = DevicesAt;
        foreach (long deviceId in deviceIds)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), deviceId);
            at += sizeof(long);
        }

        return bytes;
    }

    /// <param name="principalIds">One or two.</param>
    public static byte[] EncodePrivacyChanged(IReadOnlyList<long> principalIds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(principalIds.Count, MaxPrincipals);
        byte[] bytes = new byte[HeaderBytes + 1 + principalIds.Count * sizeof(long)];
        (bytes[0], bytes[1], bytes[HeaderBytes]) = (Format, (byte)ControlKind.PrivacyChanged, (byte)principalIds.Count);
        for (int i = 0; i < principalIds.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeaderBytes + 1 + i * sizeof(long)), principalIds[i]);
        return bytes;
    }

    public static byte[] EncodeStatusChanged(long authorId, long statusId)
    {
        byte[] bytes = new byte[HeaderBytes + 2 * sizeof(long)];
        (bytes[0], bytes[1]) = (Format, (byte)ControlKind.StatusChanged);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeaderBytes), authorId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeaderBytes + sizeof(long)), statusId);
        return bytes;
    }

    /// <summary>Null for anything that is not an order of a kind and format known here.</summary>
    public static ControlOrder? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Format) return null;
        return (ControlKind)bytes[1] switch
        {
            ControlKind.SettingsChanged => new ControlOrder(ControlKind.SettingsChanged, 0, []),
            ControlKind.DevicesRevoked => TryReadRevocation(bytes),
            ControlKind.PrivacyChanged => TryReadPrivacy(bytes),
            ControlKind.StatusChanged => TryReadStatus(bytes),
            _ => null,
        };
    }

    private static ControlOrder? TryReadStatus(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + 2 * sizeof(long)) return null;
        long authorId = BinaryPrimitives.ReadInt64LittleEndian(bytes[HeaderBytes..]);
        long statusId = BinaryPrimitives.ReadInt64LittleEndian(bytes[(HeaderBytes + sizeof(long))..]);
        return authorId > 0 && statusId > 0 ? new ControlOrder(ControlKind.StatusChanged, authorId, [], StatusId: statusId) : null;
    }

    private static ControlOrder? TryReadPrivacy(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length > HeaderBytes ? bytes[HeaderBytes] : 0;
        if (count is 0 or > MaxPrincipals || bytes.Length - HeaderBytes - 1 < count * sizeof(long)) return null;

        long[] ids = new long[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(HeaderBytes + 1 + i * sizeof(long))..]);
            if (ids[i] <= 0) return null;
        }

        return new ControlOrder(ControlKind.PrivacyChanged, 0, [], ids);
    }

    private static ControlOrder? TryReadRevocation(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < DevicesAt) return null;
        long principalId = BinaryPrimitives.ReadInt64LittleEndian(bytes[HeaderBytes..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(HeaderBytes + sizeof(long))..]);
        if (principalId <= 0 || count is 0 or > MaxDevices || bytes.Length - DevicesAt < count * sizeof(long)) return null;

        long[] deviceIds = new long[count];
        for (int i = 0; i < count; i++)
        {
            deviceIds[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(DevicesAt + i * sizeof(long))..]);
            if (deviceIds[i] <= 0) return null; // 0 would mean every device to ISessions
        }

        return new ControlOrder(ControlKind.DevicesRevoked, principalId, deviceIds);
    }
}
