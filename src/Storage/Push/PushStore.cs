using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Chat.Storage.Push;

/// <summary>Where devices are reached that are not connected, one subscription a device, and the service's own key. Thread-safe.</summary>
public sealed class PushStore(NpgsqlDataSource source)
{
    /// <summary>Subscriptions that a person keeps; the one that was set longest ago goes for a new one.</summary>
    public const int MaxOfPerson = 20;

    /// <summary>Refusals in a row, hours apart, after which a subscription is deleted.</summary>
    public const int MaxFaults = 5;

    private const int MaxRaces = 3;

    // The device is locked as long as it takes, so that it is not signed out meanwhile: whoever comes later deletes what is here.
    private const string LockDevice = """
        select id from devices where id = @deviceId and principal_id = @principalId and revoked_at is null for share
        """;

    // Whoever had the endpoint before has it no more: a browser that changed its account must not show the messages of the former one.
    private const string TakeOver = "delete from push_subscriptions where endpoint_hash = @hash and device_id <> @deviceId";

    private const string Set = $"""
        insert into push_subscriptions as s (device_id, principal_id, transport, endpoint, endpoint_hash, p256dh, auth, content)
        values (@deviceId, @principalId, @transport, @endpoint, @hash, @p256dh, @auth, @content)
        on conflict (device_id) do update set transport = excluded.transport, endpoint = excluded.endpoint, endpoint_hash = excluded.endpoint_hash,
            p256dh = excluded.p256dh, auth = excluded.auth, content = excluded.content, changed_at = excluded.changed_at, faults = 0, fault_at = null
        returning {Columns}
        """;

    private const string DropOldest = """
        delete from push_subscriptions where device_id in (
            select device_id from push_subscriptions where principal_id = @principalId order by changed_at desc, device_id desc offset @most)
        """;

    private const string Columns = """
        s.transport as "Transport", s.endpoint as "Endpoint", s.content as "Content",
            floor(extract(epoch from s.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from s.changed_at) * 1000)::bigint as "ChangedAtMs"
        """;

    private const string Find = $"""
        select {Columns} from push_subscriptions s where s.device_id = @deviceId and s.principal_id = @principalId
        """;

    private const string Remove = "delete from push_subscriptions where device_id = @deviceId and principal_id = @principalId";

    private const string RemoveGone = "delete from push_subscriptions where device_id = @deviceId and endpoint_hash = @hash";

    private const string CountFault = """
        update push_subscriptions set faults = faults + 1, fault_at = clock_timestamp()
        where device_id = @deviceId and endpoint_hash = @hash and (fault_at is null or fault_at < clock_timestamp() - interval '1 hour')
        returning faults
        """;

    private const string ForgetFaults = """
        update push_subscriptions set faults = 0, fault_at = null where device_id = @deviceId and endpoint_hash = @hash and faults > 0
        """;

    private const string ReadKey = """select public_key as "PublicKey", private_key as "PrivateKey" from push_keys""";

    private const string InsertKey = "insert into push_keys (public_key, private_key) values (@publicKey, @privateKey) on conflict (id) do nothing";

    /// <summary>Null when the device is signed out.</summary>
    public async Task<SubscriptionRow?> SetAsync(long principalId, long deviceId, NewSubscription wished, CancellationToken ct)
    {
        for (int races = 0; ; races++)
        {
            try
            {
                return await SetOnceAsync(principalId, deviceId, wished, ct);
            }
            catch (PostgresException race) when (race.SqlState is "23505" or "40P01" && races < MaxRaces)
            {
                continue; // another device took the same endpoint at this moment: who comes last has it
            }
        }
    }

    /// <summary>The subscription of the principal's device; null when it has none.</summary>
    public async Task<SubscriptionRow?> FindAsync(long principalId, long deviceId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<SubscriptionRow>(new CommandDefinition(Find, new { principalId, deviceId }, cancellationToken: ct));
    }

    public Task RemoveAsync(long principalId, long deviceId, CancellationToken ct) => ExecuteAsync(Remove, new { principalId, deviceId }, ct);

    /// <summary>Its push service does not know the endpoint any more. One that was set meanwhile stays.</summary>
    public Task RemoveGoneAsync(PushTarget target, CancellationToken ct) =>
        ExecuteAsync(RemoveGone, new { target.DeviceId, hash = Hash(target.Transport, target.Endpoint) }, ct);

    /// <summary>Counts a refusal, one an hour: a fault of this service's own meets all devices at once and is mended in time. Deletes the subscription with the last one that it may have; true then.</summary>
    public async Task<bool> CountFaultAsync(PushTarget target, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { target.DeviceId, hash = Hash(target.Transport, target.Endpoint) };
        int? faults = await connection.ExecuteScalarAsync<int?>(new CommandDefinition(CountFault, values, cancellationToken: ct));
        if (faults is null or < MaxFaults) return false;
        return await connection.ExecuteAsync(new CommandDefinition(RemoveGone, values, cancellationToken: ct)) > 0;
    }

    public Task ForgetFaultsAsync(PushTarget target, CancellationToken ct) =>
        ExecuteAsync(ForgetFaults, new { target.DeviceId, hash = Hash(target.Transport, target.Endpoint) }, ct);

    public async Task<PushKeyRow?> FindKeyAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PushKeyRow>(new CommandDefinition(ReadKey, cancellationToken: ct));
    }

    /// <summary>Keeps the key unless there is one; the one that there is then.</summary>
    public async Task<PushKeyRow> KeepKeyAsync(PushKeyRow key, CancellationToken ct)
    {
        await ExecuteAsync(InsertKey, new { key.PublicKey, key.PrivateKey }, ct);
        return (await FindKeyAsync(ct))!;
    }

    private async Task<SubscriptionRow?> SetOnceAsync(long principalId, long deviceId, NewSubscription wished, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteScalarAsync<long?>(In(LockDevice, new { principalId, deviceId })) is null) return null;

        byte[] hash = Hash(wished.Transport, wished.Endpoint);
        await connection.ExecuteAsync(In(TakeOver, new { hash, deviceId }));
        var values = new { deviceId, principalId, wished.Transport, wished.Endpoint, hash, wished.P256dh, wished.Auth, wished.Content };
        SubscriptionRow row = await connection.QuerySingleAsync<SubscriptionRow>(In(Set, values));
        await connection.ExecuteAsync(In(DropOldest, new { principalId, most = MaxOfPerson }));
        await transaction.CommitAsync(ct);
        return row;

        CommandDefinition In(string sql, object arguments) => new(sql, arguments, transaction, cancellationToken: ct);
    }

    private async Task ExecuteAsync(string sql, object values, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct));
    }

    private static byte[] Hash(short transport, string endpoint) => SHA256.HashData([(byte)transport, .. Encoding.UTF8.GetBytes(endpoint)]);
}
