using System.Buffers.Binary;
using System.Net;

namespace Chat.Domain.Accounts;

/// <summary>Brings a remote address to the unit that limits count: an IPv4 address, or the /64 that one IPv6 site has to itself.</summary>
internal static class RemoteAddress
{
    /// <summary>The unit as a number: an IPv4 address in the lower half, or the first half of an IPv6 one.</summary>
    public static long KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length < bytes.Length ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    public static string Normalize(string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? ip)) return address;
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        ip.TryWriteBytes(bytes, out int length);
        if (length < bytes.Length) return ip.ToString();

        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
