using Chat.Sdk.Rest;

namespace Chat.Sdk.Notices;

/// <summary>What happened to one in the last 30 days. Thread-safe.</summary>
public sealed class NoticesClient
{
    private readonly NoticesRest _rest;
    private readonly ClientCore _core;

    internal NoticesClient(NoticesRest rest, ClientCore core) => (_rest, _core) = (rest, core);

    /// <summary>
    /// Raised when there may be other notices, or they were read on some device. Not for replies and reactions, of which nothing says whose message
    /// it is: ask when the list is shown, too.
    /// </summary>
    public event Action<NoticesChange>? Changed
    {
        add => _core.Notices.Changed += value;
        remove => _core.Notices.Changed -= value;
    }

    /// <summary>The newest first.</summary>
    /// <param name="cursor">The page before's <see cref="NoticePage.NextCursor"/>; null for the first.</param>
    /// <param name="limit">1 … 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<NoticePage> ListAsync(string? cursor = null, int limit = 50, CancellationToken cancellationToken = default) =>
        _rest.ListAsync(cursor, limit, cancellationToken);

    /// <summary>How many of the newest hundred are not read.</summary>
    public Task<UnreadNotices> CountUnreadAsync(CancellationToken cancellationToken = default) => _rest.CountUnreadAsync(cancellationToken);

    /// <summary>Marks all up to a time as read on all devices; it never goes back.</summary>
    /// <param name="upTo">The time of a notice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task MarkReadAsync(DateTimeOffset upTo, CancellationToken cancellationToken = default) => _rest.MarkReadAsync(upTo, cancellationToken);
}
