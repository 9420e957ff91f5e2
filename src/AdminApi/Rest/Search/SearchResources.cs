using Chat.AdminApi.Rest.Messages;
using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Storage.Search;

namespace Chat.AdminApi.Rest.Search;

/// <summary>What comes first.</summary>
internal enum SearchOrder
{
    /// <summary>What was sent last.</summary>
    Newest,

    /// <summary>What fits best: whole words, in the order they were typed, among the newest 200 that match; then those behind them.</summary>
    Relevance,
}

/// <summary>A message that was found. The message, and all around it, is read with readHistory.</summary>
internal sealed record FoundMessageResource
{
    /// <summary>The message as history shows it to the caller now.</summary>
    public required EventResource Message { get; init; }

    /// <summary>Where in its text the words are, ascending and apart; empty when they are in the name of its file or place.</summary>
    public required IReadOnlyList<HighlightResource> Highlights { get; init; }

    public static FoundMessageResource From(FoundMessage found) => new()
    {
        Message = EventResource.From(found.Message),
        Highlights = [.. found.Highlights.Select(range => new HighlightResource { Start = range.Start, Length = range.Length })],
    };
}

/// <summary>A part of a text, as marks name it.</summary>
internal sealed record HighlightResource
{
    /// <summary>Where it begins, in UTF-16 units from 0.</summary>
    public required int Start { get; init; }

    /// <summary>How many UTF-16 units, from 1.</summary>
    public required int Length { get; init; }
}

/// <summary>A page of names: people in front of groups and channels.</summary>
internal sealed record FoundNamesResource
{
    /// <summary>Contacts, and people of direct chats.</summary>
    public required IReadOnlyList<FoundPersonResource> People { get; init; }

    /// <summary>Groups and channels that the caller is in.</summary>
    public required IReadOnlyList<FoundChatResource> Chats { get; init; }

    /// <summary>Where the next page starts: give it back unchanged. Null on the last page.</summary>
    public string? NextCursor { get; init; }

    public static FoundNamesResource From(FoundNames found) => new()
    {
        People = [.. found.People.Select(FoundPersonResource.From)],
        Chats = [.. found.Chats.Select(FoundChatResource.From)],
        NextCursor = found.NextCursor,
    };
}

/// <summary>A person whom the caller knows.</summary>
internal sealed record FoundPersonResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The name the person gave themselves.</summary>
    public required string Name { get; init; }

    /// <summary>The name under which the caller keeps them, if there is one.</summary>
    public string? OwnName { get; init; }

    /// <summary>What the person says of themselves, if the caller may see it.</summary>
    public string? About { get; init; }

    /// <summary>A reference to the person's picture; likewise.</summary>
    public string? Avatar { get; init; }

    /// <summary>The direct chat of the two, if there is one.</summary>
    public long? ChatId { get; init; }

    public static FoundPersonResource From(FoundPerson found) => new()
    {
        PrincipalId = found.PrincipalId,
        Name = found.Name,
        OwnName = found.OwnName,
        About = found.About,
        Avatar = found.Avatar,
        ChatId = found.ChatId,
    };
}

/// <summary>A group or channel.</summary>
internal sealed record FoundChatResource
{
    /// <summary>The chat's id.</summary>
    public required long ChatId { get; init; }

    /// <summary>What kind of chat it is.</summary>
    public required ChatKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A reference to its picture.</summary>
    public string? Avatar { get; init; }

    public static FoundChatResource From(FoundChat found) =>
        new() { ChatId = found.ChatId, Kind = (ChatKind)found.Kind, Name = found.Name, Avatar = found.Avatar };
}
