using System.Runtime.CompilerServices;

using Chat.Protocol.Codes;
using Chat.Sdk.Rest;

namespace Chat.Sdk.People;

/// <summary>
/// One's profile and privacy, contacts and blocks. Every change, by whichever device, raises <see cref="Changed"/> on all of them.
/// Thread-safe.
/// </summary>
public sealed class PeopleClient
{
    private readonly PeopleRest _rest;
    private readonly ClientCore _core;

    internal PeopleClient(PeopleRest rest, ClientCore core) => (_rest, _core) = (rest, core);

    /// <summary>Raised when one's profile, privacy, contacts or blocks changed.</summary>
    public event Action<PeopleChange>? Changed
    {
        add => _core.Inbox.PeopleChanged += value;
        remove => _core.Inbox.PeopleChanged -= value;
    }

    /// <summary>Reads one's own profile.</summary>
    public Task<OwnProfile> GetProfileAsync(CancellationToken cancellationToken = default) => _rest.GetProfileAsync(cancellationToken);

    /// <summary>Changes one's profile; null leaves a field as it is, an empty text clears it.</summary>
    public Task<OwnProfile> UpdateProfileAsync(
        string? name = null, string? about = null, string? avatar = null, CancellationToken cancellationToken = default) =>
        _rest.UpdateProfileAsync(new ProfileBody(name, about, avatar), cancellationToken);

    /// <summary>Reads what one shows to whom.</summary>
    public Task<PrivacySettings> GetPrivacyAsync(CancellationToken cancellationToken = default) => _rest.GetPrivacyAsync(cancellationToken);

    /// <summary>Changes who sees what of one; null leaves a field as it is.</summary>
    public Task<PrivacySettings> UpdatePrivacyAsync(PrivacySettings change, CancellationToken cancellationToken = default) =>
        _rest.UpdatePrivacyAsync(change, cancellationToken);

    /// <summary>All contacts in the order of their ids, asked for page by page while they are read.</summary>
    public async IAsyncEnumerable<Contact> ReadContactsAsync(
        bool favouritesOnly = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            ContactsAnswer page = await _rest.ListContactsAsync(favouritesOnly, cursor, cancellationToken).ConfigureAwait(false);
            foreach (Contact contact in page.Items) yield return contact;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>One contact; null for somebody who is none.</summary>
    public async Task<Contact?> FindContactAsync(long principalId, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _rest.GetContactAsync(principalId, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException nobody) when (nobody.Code == (int)ErrorCode.ContactNotFound)
        {
            return null;
        }
    }

    /// <summary>Keeps a person as a contact, or changes how they are kept.</summary>
    /// <param name="principalId">Whom.</param>
    /// <param name="ownName">The name to keep them under; null: their own.</param>
    /// <param name="favourite">Whether they are a favourite.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChatException"><c>principal_not_found</c>, <c>invalid_argument</c> (oneself), <c>rate_limited</c>.</exception>
    public Task<Contact> PutContactAsync(
        long principalId, string? ownName = null, bool favourite = false, CancellationToken cancellationToken = default) =>
        _rest.PutContactAsync(principalId, new ContactBody(ownName, favourite), cancellationToken);

    /// <summary>Ends that a person is one's contact.</summary>
    /// <exception cref="ChatException"><c>contact_not_found</c>.</exception>
    public Task RemoveContactAsync(long principalId, CancellationToken cancellationToken = default) =>
        _rest.RemoveContactAsync(principalId, cancellationToken);

    /// <summary>All whom one has blocked, in the order of their ids, asked for page by page while they are read.</summary>
    public async IAsyncEnumerable<BlockedPerson> ReadBlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            BlocksAnswer page = await _rest.ListBlocksAsync(cursor, cancellationToken).ConfigureAwait(false);
            foreach (BlockedPerson person in page.Items) yield return person;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Blocks a person: nothing passes between the two in their direct chat. They are not told. Twice is no failure.</summary>
    public Task BlockAsync(long principalId, CancellationToken cancellationToken = default) =>
        _rest.BlockAsync(principalId, cancellationToken);

    /// <summary>Takes a block back. Twice is no failure.</summary>
    public Task UnblockAsync(long principalId, CancellationToken cancellationToken = default) =>
        _rest.UnblockAsync(principalId, cancellationToken);

    /// <summary>All devices on which one is signed in, the newest first, asked for page by page while they are read.</summary>
    public async IAsyncEnumerable<SignedInDevice> ReadDevicesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            DevicesAnswer page = await _rest.ListDevicesAsync(cursor, cancellationToken).ConfigureAwait(false);
            foreach (SignedInDevice device in page.Items) yield return device;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Signs one device out and cuts its connections. Twice is no failure.</summary>
    public Task SignOutDeviceAsync(long deviceId, CancellationToken cancellationToken = default) =>
        _rest.SignOutDeviceAsync(deviceId, cancellationToken);

    /// <summary>Changes the password and signs all other devices out.</summary>
    /// <exception cref="ChatException"><c>sign_in_failed</c> (the present one is wrong), <c>invalid_argument</c>, <c>rate_limited</c>.</exception>
    public Task ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken cancellationToken = default) =>
        _rest.ChangePasswordAsync(new PasswordBody(currentPassword, newPassword), cancellationToken);
}
