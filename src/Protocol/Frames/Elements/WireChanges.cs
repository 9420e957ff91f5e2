using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What the changes of a message add up to, protocol-spec.md §6.25.</summary>
/// <param name="AsOf">Sequence of the newest change that is counted in.</param>
/// <param name="EditedAtMs">When the text got as it is; null when it is as it was sent.</param>
/// <param name="DeletedAtMs">When it was deleted for everyone.</param>
/// <param name="DeletedBy">Who deleted it.</param>
/// <param name="PinnedAtMs">Since when it is pinned.</param>
/// <param name="OwnReaction">The asker's emoji.</param>
/// <param name="Reactions">The most frequent first.</param>
public sealed record WireChanges(
    long AsOf, long? EditedAtMs, long? DeletedAtMs, long? DeletedBy, long? PinnedAtMs, string? OwnReaction,
    IReadOnlyList<WireReaction> Reactions)
    : IElement<WireChanges>
{
    /// <summary>Most different emoji that a receiver keeps of one message.</summary>
    private const int MaxReactions = 256;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Reactions is { Count: > 0 } ? 7
        : OwnReaction is not null ? 6
        : PinnedAtMs is not null ? 5
        : DeletedBy is not null ? 4
        : DeletedAtMs is not null ? 3
        : EditedAtMs is not null ? 2
        : 1;

    static void IElement<WireChanges>.Write(in WireChanges element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteInt64(element.AsOf);
        if (count > 1) writer.WriteOptional(element.EditedAtMs);
        if (count > 2) writer.WriteOptional(element.DeletedAtMs);
        if (count > 3) writer.WriteOptional(element.DeletedBy);
        if (count > 4) writer.WriteOptional(element.PinnedAtMs);
        if (count > 5) writer.WriteOptional(element.OwnReaction);
        if (count > 6) writer.WriteElements(element.Reactions);
    }

    static WireChanges IElement<WireChanges>.Read(ref FieldReader fields) =>
        new(
            fields.ReadInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalElements<WireReaction>(MaxReactions));
}
