using System.Buffers.Binary;
using System.Net;

namespace Chat.Domain.Accounts;

/// <summary>Brings a remote address to the unit that limits count: an IPv4 address, or the /64 that one IPv6 site has to itself.</summary>
internal static class RemoteAddress
{
    /// <summary>The unit as a number: an IPv4 address in the lower half, or the first half of an IPv6 one.</summary>
    public static long KeyOf(IPAddress address)
    {
        Span<byte> unit = stackalloc byte[16];
        return WriteUnit(address, unit) < unit.Length ? BinaryPrimitives.ReadUInt32BigEndian(unit) : BinaryPrimitives.ReadInt64BigEndian(unit);
    }

    public static string Normalize(string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? ip)) return address;
        Span<byte> unit = stackalloc byte[16];
        int length = WriteUnit(ip, unit);
        IPAddress shown = new(unit[..length]);
        return length < unit.Length ? shown.ToString() : $"{shown}/64";
    }

    /// <returns>4 for IPv4; 16 for IPv6, whose second half is cleared.</returns>
    private static int WriteUnit(IPAddress address, Span<byte> unit)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(unit, out int length);
        if (length == unit.Length) unit[8..].Clear();
        return length;
    }
}
