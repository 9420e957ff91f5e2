namespace Chat.Domain.Cluster;

/// <summary>
/// First byte of a publication about chats: what it holds, in which layout. Each content has its own numbers, so that nodes of two versions
/// that differ in one still understand the others; what a node does not know it skips, and the heads or the database tell it the rest.
/// </summary>
/// <remarks>
/// All integers are unsigned LEB128 unless noted. <see cref="Events"/>: count, then for each chat, sequence, kind, subject (0: none),
/// length and bytes of the push as a WebSocket frame. <see cref="Ephemeral"/>: count, then for each chat, length and bytes.
/// <see cref="Heads"/>: incarnation of the node (8 bytes, little-endian), count, then for each chat and head. <see cref="Farewell"/>:
/// incarnation of the node. <see cref="Directed"/>: count, then for each principal, device, length and bytes.
/// </remarks>
internal enum RelayFormat : byte
{
    Events = 0x11,
    Ephemeral = 0x21,
    Heads = 0x31,
    Farewell = 0x41,
    Directed = 0x51,
}
