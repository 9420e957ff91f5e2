using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk.Chats;

/// <summary>Channels, invite links and what was shared in a chat. What one joins, the client hears of. Thread-safe.</summary>
public sealed class JoiningClient
{
    private readonly JoiningRest _rest;

    internal JoiningClient(JoiningRest rest) => _rest = rest;

    /// <summary>Makes a channel, whose admin one becomes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is about.</param>
    /// <param name="avatar">A reference to a picture.</param>
    /// <param name="handle">Its public name; null: people come by invite link only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The channel's id.</returns>
    public Task<long> CreateChannelAsync(
        string name, string? description = null, string? avatar = null, string? handle = null,
        CancellationToken cancellationToken = default) =>
        _rest.CreateChannelAsync(new NewChannelBody(name, description, avatar, handle), cancellationToken);

    /// <summary>Looks at a channel by its public name.</summary>
    /// <exception cref="ChatException"><c>invite_not_found</c>.</exception>
    public Task<ChatPreview> PreviewChannelAsync(string handle, CancellationToken cancellationToken = default) =>
        _rest.PreviewChannelAsync(handle, cancellationToken);

    /// <summary>Subscribes to a channel by its public name; one leaves it with <see cref="ChatHandle.LeaveAsync"/>.</summary>
    /// <returns>The channel's id.</returns>
    public Task<long> SubscribeAsync(string handle, CancellationToken cancellationToken = default) =>
        _rest.SubscribeAsync(handle, cancellationToken);

    /// <summary>Makes a link by which people join a group or channel.</summary>
    /// <param name="chatId">Whereto.</param>
    /// <param name="expiresAt">Until when; null is for ever.</param>
    /// <param name="maxUses">How many may join by it; null is any number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<InviteLink> CreateInviteAsync(
        long chatId, DateTimeOffset? expiresAt = null, int? maxUses = null, CancellationToken cancellationToken = default) =>
        _rest.CreateInviteAsync(chatId, new NewInviteBody(expiresAt, maxUses), cancellationToken);

    /// <summary>The links of a chat, the newest first.</summary>
    public async Task<IReadOnlyList<InviteLink>> InvitesAsync(long chatId, CancellationToken cancellationToken = default)
    {
        List<InviteLink> all = [];
        string? cursor = null;
        do
        {
            InvitesAnswer page = await _rest.InvitesAsync(chatId, cursor, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>Ends that people join by a link; who did stays.</summary>
    public Task RevokeInviteAsync(long chatId, string code, CancellationToken cancellationToken = default) =>
        _rest.RevokeInviteAsync(chatId, code, cancellationToken);

    /// <summary>Looks at what a link leads to.</summary>
    /// <exception cref="ChatException"><c>invite_not_found</c>, <c>invite_expired</c>.</exception>
    public Task<ChatPreview> PreviewInviteAsync(string code, CancellationToken cancellationToken = default) =>
        _rest.PreviewInviteAsync(code, cancellationToken);

    /// <summary>Joins by a link.</summary>
    /// <returns>The chat's id.</returns>
    public Task<long> JoinAsync(string code, CancellationToken cancellationToken = default) => _rest.JoinAsync(code, cancellationToken);

    /// <summary>What was shared in a chat, the newest first; images and videos unless asked otherwise.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="kinds">What is wanted.</param>
    /// <param name="cursor">The page before's <see cref="MediaPage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<MediaPage> MediaAsync(
        long chatId, IReadOnlyList<ContentKind>? kinds = null, string? cursor = null, int limit = 50,
        CancellationToken cancellationToken = default) =>
        _rest.MediaAsync(chatId, kinds ?? [], cursor, limit, cancellationToken);
}

/// <summary>What one learns of a group or channel before one is in it.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Kind">Group or channel.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Avatar">A reference to its picture.</param>
/// <param name="MemberCount">Members.</param>
/// <param name="Joined">One is in it.</param>
public sealed record ChatPreview(
    long ChatId, ChatKind Kind, string? Name, string? Description, string? Avatar, int MemberCount, bool Joined);

/// <summary>An invite link. Whoever has the code may join.</summary>
/// <param name="Code">The secret of the link.</param>
/// <param name="ChatId">Whereto.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">Until when people may join by it; null is for ever.</param>
/// <param name="MaxUses">How many may; null is any number.</param>
/// <param name="Uses">How many did.</param>
/// <param name="Revoked">It was revoked.</param>
public sealed record InviteLink(
    string Code, long ChatId, long CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, int? MaxUses, int Uses, bool Revoked);

/// <summary>A page of what was shared in a chat.</summary>
/// <param name="Sequences">Of the messages, the newest first.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record MediaPage(IReadOnlyList<long> Sequences, string? NextCursor)
{
    /// <summary>The messages, in the same order.</summary>
    public IReadOnlyList<SharedMessage> Messages { get; init; } = [];
}

/// <summary>A message that carries something, as the one who asked may see it now.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its sequence there.</param>
/// <param name="SenderId">Who sent it.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="Text">The caption; empty where there is none.</param>
/// <param name="Content">What it is, and its file, place or contact.</param>
public sealed record SharedMessage(long ChatId, long Sequence, long SenderId, DateTimeOffset CreatedAt, string Text, MessageContent Content);
