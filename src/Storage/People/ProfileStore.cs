using Dapper;
using Npgsql;

namespace Chat.Storage.People;

/// <summary>What a person shows of themselves, and to whom. Every change is told to the person's own devices. Thread-safe.</summary>
public sealed class ProfileStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string SelectPrivacy = """
        select last_seen_audience as "LastSeen", photo_audience as "Photo", about_audience as "About", read_receipts as "ReadReceipts",
            call_audience as "Calls"
        from principals where id = @principalId
        """;

    // An empty text clears: that is told apart from null, which leaves the field alone.
    private const string Update = """
        update principals set name = coalesce(@Name, name),
            about = case when @About is null then about else nullif(@About, '') end,
            avatar = case when @Avatar is null then avatar else nullif(@Avatar, '') end
        where id = @principalId
        """;

    private const string UpdatePrivacy = """
        update principals set last_seen_audience = coalesce(@LastSeen, last_seen_audience), photo_audience = coalesce(@Photo, photo_audience),
            about_audience = coalesce(@About, about_audience), read_receipts = coalesce(@ReadReceipts, read_receipts),
            call_audience = coalesce(@Calls, call_audience)
        where id = @principalId
        """;

    // The inbox of the person is locked, and whoever adds them to a chat locks it too: no membership can come with the old value.
    private const string UpdateMemberships = """
        update members m set hides_reads = not p.read_receipts from principals p
        where p.id = @principalId and m.principal_id = p.id and m.left_at_sequence is null and m.hides_reads = p.read_receipts
        """;

    public async Task<PrivacyRow?> FindPrivacyAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PrivacyRow>(
            new CommandDefinition(SelectPrivacy, new { principalId }, cancellationToken: ct));
    }

    public Task<PeopleStatus> UpdateAsync(long principalId, ProfileChange change, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), principalId, null, EventKinds.ProfileChanged,
        async transaction =>
        {
            await transaction.ExecuteAsync(Update, new { principalId, change.Name, change.About, change.Avatar }, ct);
            return PeopleStatus.Done;
        },
        ct);

    /// <summary>Field by field, so that two devices that change two of them do not undo each other.</summary>
    public Task<PeopleStatus> SetPrivacyAsync(long principalId, PrivacyChange privacy, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), principalId, null, EventKinds.ProfileChanged,
        async transaction =>
        {
            var arguments = new { principalId, privacy.LastSeen, privacy.Photo, privacy.About, privacy.ReadReceipts, privacy.Calls };
            await transaction.ExecuteAsync(UpdatePrivacy, arguments, ct);
            await transaction.ExecuteAsync(UpdateMemberships, new { principalId }, ct);
            return PeopleStatus.Done;
        },
        ct);
}
