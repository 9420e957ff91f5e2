using Chat.Domain;
using Chat.Protocol.Codes;

namespace Chat.AdminApi.Problems;

/// <summary>The two answers to what a caller cannot help: an outage that passes, and a fault of ours.</summary>
internal static class Outage
{
    public static readonly Failure Failure = new(
        ErrorCode.Unavailable, "Storage does not answer; try again with the same ids.", TimeSpan.FromSeconds(1));

    public static readonly Failure OurFault = new(ErrorCode.Internal, "The server failed; its log has the reason under this request id.");
}
