using Chat.Sdk.Rest;

namespace Chat.Sdk.Statuses;

/// <summary>What people show to their contacts for a day. Thread-safe.</summary>
public sealed class StatusClient
{
    private readonly StatusRest _rest;
    private readonly ClientCore _core;

    internal StatusClient(StatusRest rest, ClientCore core) => (_rest, _core) = (rest, core);

    /// <summary>Raised when statuses came, went or were looked at. May be missed while the client is not connected.</summary>
    public event Action<StatusChange>? Changed
    {
        add => _core.Inbox.StatusesChanged += value;
        remove => _core.Inbox.StatusesChanged -= value;
    }

    /// <summary>Who shows one something, the newest first; not oneself.</summary>
    /// <param name="cursor">The page before's <see cref="StatusAuthorPage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<StatusAuthorPage> AuthorsAsync(string? cursor = null, int limit = 50, CancellationToken cancellationToken = default) =>
        _rest.ListAuthorsAsync(cursor, limit, cancellationToken);

    /// <summary>All that a person shows one, or that one shows oneself, in the order of posting.</summary>
    public async Task<IReadOnlyList<Status>> ListAsync(long principalId, CancellationToken cancellationToken = default)
    {
        List<Status> all = [];
        string? cursor = null;
        do
        {
            StatusesAnswer page = await _rest.ListAsync(principalId, cursor, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items.Select(item => item.ToStatus()));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>Posts a status to whom one's privacy names now.</summary>
    /// <exception cref="ChatException"><c>blob_not_found</c>, <c>too_many_statuses</c>, a text that may not be.</exception>
    public async Task<Status> PostAsync(NewStatus status, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(status);
        StatusAnswer posted = await _rest.PostAsync(NewStatusBody.From(status), cancellationToken).ConfigureAwait(false);
        return posted.ToStatus();
    }

    /// <summary>Notes that one has looked at a status.</summary>
    /// <exception cref="ChatException"><c>status_not_found</c>.</exception>
    public Task ViewAsync(long statusId, CancellationToken cancellationToken = default) => _rest.ViewAsync(statusId, cancellationToken);

    /// <summary>Who has looked at one's own status, the last one first; none while one's read receipts are off.</summary>
    /// <param name="statusId">Which one.</param>
    /// <param name="cursor">The page before's <see cref="StatusViewerPage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException"><c>status_not_found</c>.</exception>
    public Task<StatusViewerPage> ViewersAsync(
        long statusId, string? cursor = null, int limit = 50, CancellationToken cancellationToken = default) =>
        _rest.ListViewersAsync(statusId, cursor, limit, cancellationToken);

    /// <summary>Takes one's own status back, and its file.</summary>
    /// <exception cref="ChatException"><c>status_not_found</c>.</exception>
    public Task DeleteAsync(long statusId, CancellationToken cancellationToken = default) => _rest.DeleteAsync(statusId, cancellationToken);

    /// <summary>
    /// Keeps a contact's statuses apart on all one's devices (<see cref="StatusAuthor.Muted"/>); the contact is not told. Twice is no failure.
    /// </summary>
    /// <exception cref="ChatException"><c>contact_not_found</c>.</exception>
    public Task MuteAsync(long principalId, CancellationToken cancellationToken = default) => _rest.MuteAsync(principalId, cancellationToken);

    /// <summary>Takes back what <see cref="MuteAsync"/> did.</summary>
    /// <exception cref="ChatException"><c>contact_not_found</c>.</exception>
    public Task UnmuteAsync(long principalId, CancellationToken cancellationToken = default) => _rest.UnmuteAsync(principalId, cancellationToken);

    /// <summary>For whom one's next statuses are.</summary>
    public Task<StatusPrivacy> GetPrivacyAsync(CancellationToken cancellationToken = default) => _rest.GetPrivacyAsync(cancellationToken);

    /// <summary>Says for whom one's next statuses are; those that are posted stay as they are.</summary>
    public Task<StatusPrivacy> SetPrivacyAsync(StatusPrivacy privacy, CancellationToken cancellationToken = default) =>
        _rest.SetPrivacyAsync(privacy, cancellationToken);
}
