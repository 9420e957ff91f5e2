using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk.Chats;

/// <summary>
/// Changes what one chat is to the signed-in principal alone, and what a group or channel is to all. What comes of it shows in
/// <see cref="ChatHandle.Summary"/>, on all devices. Thread-safe.
/// </summary>
public sealed class ChatSettings
{
    private readonly long _chatId;
    private readonly ChatSettingsRest _rest;
    private readonly Func<long?> _readUpTo;

    /// <param name="chatId">The chat.</param>
    /// <param name="rest">The way there.</param>
    /// <param name="readUpTo">How far the principal has read it, as this device knows; null if it does not.</param>
    internal ChatSettings(long chatId, ChatSettingsRest rest, Func<long?> readUpTo) => (_chatId, _rest, _readUpTo) = (chatId, rest, readUpTo);

    /// <summary>Mutes the chat until a time; without one, for ever.</summary>
    public Task MuteAsync(DateTimeOffset? until = null, CancellationToken cancellationToken = default) =>
        _rest.MuteAsync(_chatId, until, cancellationToken);

    /// <summary>Ends that the chat is muted.</summary>
    public Task UnmuteAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "mute", false, cancellationToken);

    /// <summary>Puts the chat into the archive, until a message comes; while it is muted none brings it back.</summary>
    public Task ArchiveAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "archive", true, cancellationToken);

    /// <summary>Takes the chat out of the archive.</summary>
    public Task UnarchiveAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "archive", false, cancellationToken);

    /// <summary>Pins the chat above the others.</summary>
    /// <exception cref="ChatException"><c>too_many_pins</c>.</exception>
    public Task PinAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "pin", true, cancellationToken);

    /// <summary>Ends that the chat is pinned.</summary>
    public Task UnpinAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "pin", false, cancellationToken);

    /// <summary>Marks the chat as unread, until something of it is read. What was read here before does not end it, though it is on its way yet.</summary>
    public Task MarkUnreadAsync(CancellationToken cancellationToken = default) =>
        _rest.MarkUnreadAsync(_chatId, _readUpTo(), cancellationToken);

    /// <summary>Ends that the chat is marked as unread.</summary>
    public Task UnmarkUnreadAsync(CancellationToken cancellationToken = default) => _rest.SetAsync(_chatId, "unread", false, cancellationToken);

    /// <summary>Shows the chat to the principal in another theme; null is the chat's own.</summary>
    public Task SetThemeAsync(string? theme, CancellationToken cancellationToken = default) =>
        _rest.SetThemeAsync(_chatId, theme, cancellationToken);

    /// <summary>Takes the history, or what is up to a sequence, from the principal's own sight, for good.</summary>
    public Task ClearAsync(long? upTo = null, CancellationToken cancellationToken = default) =>
        _rest.ClearAsync(_chatId, upTo, cancellationToken);

    /// <summary>Changes a group or channel for all. Whose role is enough is the chat's own setting.</summary>
    /// <exception cref="ChatException"><c>not_allowed</c>, <c>invalid_argument</c>.</exception>
    public Task UpdateAsync(ChatChange change, CancellationToken cancellationToken = default) =>
        _rest.UpdateAsync(_chatId, change, cancellationToken);

    /// <summary>Deletes a group or channel for everyone, for good; for its admins. Again it is done already.</summary>
    /// <exception cref="ChatException"><c>not_allowed</c>, <c>chat_not_found</c>; of a direct chat <c>not_deletable</c>.</exception>
    public Task DeleteAsync(CancellationToken cancellationToken = default) => _rest.DeleteAsync(_chatId, cancellationToken);
}

/// <summary>What of a group or channel is to be changed; null stays, an empty text clears.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Avatar">A reference to a picture.</param>
/// <param name="Theme">The name of a theme.</param>
/// <param name="Handle">The public name of a channel.</param>
/// <param name="Permissions">Who may do what; for admins, in a group.</param>
public sealed record ChatChange(
    string? Name = null, string? Description = null, string? Avatar = null, string? Theme = null, string? Handle = null,
    ChatPermissions? Permissions = null);

/// <summary>The least role that may; null stays.</summary>
/// <param name="Send">Writes.</param>
/// <param name="Edit">Changes name, description, picture and theme.</param>
/// <param name="Add">Adds people and makes invite links.</param>
public sealed record ChatPermissions(MemberRole? Send = null, MemberRole? Edit = null, MemberRole? Add = null);
