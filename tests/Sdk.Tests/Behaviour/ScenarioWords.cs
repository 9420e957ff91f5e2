using System.Globalization;

using Chat.Protocol.Codes;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Behaviour;

/// <summary>What an app sees, in the words of tests/vectors/behaviour.</summary>
internal static class ScenarioWords
{
    public const long Third = 14;

    public static string Of(ConnectionState state) => state.Kind switch
    {
        ConnectionKind.Waiting => "waiting" + Reason(state.End),
        ConnectionKind.Closed => "closed" + Reason(state.End),
        _ => Lower(state.Kind),
    };

    public static string Of(TokenReason why) => Lower(why);

    /// <summary>
    /// By the code, in the words of protocol-spec.md §9.1. A message whose client was closed has the code of that: one of §9.2, or of signing in.
    /// </summary>
    public static string Of(ChatException error) => error.Code is >= 1_000 or (>= 300 and < 400) ? "closed" : error.Name;

    public static string Of(OutgoingMessage message) => message switch
    {
        { State: OutgoingState.Failed, Error: { } error } => $"failed: {Of(error)}",
        { Sequence: { } sequence } => $"{Lower(message.State)} #{sequence}",
        _ => Lower(message.State),
    };

    public static string Of(ChatEvent seen) => seen switch
    {
        ChatMessage message => $"{Head(message)}: {message.Text}",
        ChatMessageChange { Kind: EventKind.Edited or EventKind.Reaction } change => $"{Head(change)} {Lower(change.Kind)} #{change.Target}: {change.Text}",
        ChatMessageChange { Kind: EventKind.Deleted } change => $"{Head(change)} deleted #{change.Target}",
        ChatLogEvent entry => $"{Head(entry)} {Kind(entry)}{(entry.SubjectId is { } subject ? $" {Name(subject)}" : "")}",
        ChatDiscontinuity seam => $"{seam.ChatId} discontinuity",
        _ => throw new ArgumentException($"There is no word for {seen}.", nameof(seen)),
    };

    public static string Of(TypingChange change) =>
        $"{change.ChatId} {Name(change.PrincipalId)} {(change.Active ? "types" : "stops typing")}";

    public static string Of(ReceiptChange change) =>
        $"{change.ChatId} {Name(change.PrincipalId)} delivered #{change.DeliveredUpTo} read #{change.ReadUpTo}";

    /// <summary>An entry of a chat as it is shown.</summary>
    public static string Shown(ChatLogEvent entry) => entry switch
    {
        ChatMessage { IsDeleted: true } => $"#{entry.Sequence} {Name(entry.SenderId)} deleted",
        ChatMessage message => $"#{message.Sequence} {Name(message.SenderId)}: {message.Text}{(message.Changes?.EditedAt is null ? "" : " (edited)")}"
            + string.Concat(message.Changes?.Reactions.Select(reaction => $" {reaction.Emoji}{reaction.Count}") ?? []),
        _ => $"#{entry.Sequence} {Name(entry.SenderId)} {Kind(entry)}",
    };

    /// <summary>A message that is not stored yet.</summary>
    public static string Shown(OutgoingMessage message) => $"… me: {message.Text}";

    private static string Head(ChatLogEvent entry) => $"{entry.ChatId}#{entry.Sequence} {Name(entry.SenderId)}";

    private static string Kind(ChatLogEvent entry) => Enum.IsDefined(entry.Kind) ? Lower(entry.Kind) : "unknown";

    private static string Name(long principalId) => principalId switch
    {
        FakeServer.Me => "me",
        FakeServer.Peer => "peer",
        Third => "third",
        _ => principalId.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Codes that no peer sent are each SDK's own.</summary>
    private static string Reason(ConnectionEnd? end) => end?.Code switch
    {
        >= 4_000 and { } code => ": " + Known(DisconnectCodes.Name((DisconnectCode)code), code),
        > 0 and < 1_000 and { } code => ": " + Known(ErrorCodes.Name((ErrorCode)code), code),
        _ => "",
    };

    private static string Known(string name, int code) => name == "unknown" ? code.ToString(CultureInfo.InvariantCulture) : name;

    private static string Lower<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
