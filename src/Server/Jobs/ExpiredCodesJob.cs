using Chat.Storage.Accounts;

namespace Chat.Server.Jobs;

/// <summary>Deletes codes that nobody used, a day after their end: until then they make the next ones come slower.</summary>
internal sealed class ExpiredCodesJob(AccountCodeStore codes) : IJob
{
    public string Name => "expired_codes";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct) =>
        $"{await BatchedDeletion.RunAsync(codes.DeleteExpiredAsync, ct)} codes deleted";
}
