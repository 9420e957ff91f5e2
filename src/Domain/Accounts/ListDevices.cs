using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>Pages the devices on which the caller is signed in, the newest first.</summary>
public sealed class ListDevices(DeviceStore devices)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    /// <param name="caller">Whose devices.</param>
    /// <param name="after">The id of the last one of the page before.</param>
    /// <param name="limit">Most devices of the page.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Result<DevicePage>> ExecuteAsync(Caller caller, long? after, int? limit, CancellationToken ct)
    {
        if (limit is < 1 or > MaxPage) return Failures.PageLimit(limit.Value, MaxPage);
        return await devices.ListAsync(caller.PrincipalId, after ?? long.MaxValue, limit ?? DefaultPage, ct);
    }
}
