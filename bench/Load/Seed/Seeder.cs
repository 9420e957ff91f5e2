using System.Security.Cryptography;

using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;

using Npgsql;

namespace Chat.Load.Seed;

/// <summary>A principal with a token, ready to say hello.</summary>
internal sealed record LoadAccount(long PrincipalId, string Token);

/// <summary>A group and its members, by their places in the list of accounts.</summary>
internal sealed record LoadGroup(long ChatId, IReadOnlyList<int> Members);

/// <summary>
/// Makes accounts and groups directly in the database and mints their tokens: a thousand registrations over REST would be a thousand
/// password hashes. Nothing of this goes through the server, so it must happen before the connections say hello.
/// </summary>
internal sealed class Seeder(LoadTarget target, TimeProvider time)
{
    private const int Concurrency = 8;

    public async Task<(LoadAccount[] Accounts, LoadGroup[] Groups)> SeedAsync(int accounts, int groups, CancellationToken ct)
    {
        await using NpgsqlDataSource source = ChatDataSource.Create(target.ConnectionString, "load", Concurrency);
        LoadAccount[] made = await MakeAccountsAsync(source, accounts, ct);
        return (made, await MakeGroupsAsync(source, made, groups, ct));
    }

    private async Task<LoadAccount[]> MakeAccountsAsync(NpgsqlDataSource source, int count, CancellationToken ct)
    {
        var accounts = new AccountStore(source);
        var devices = new DeviceStore(source);
        var tokens = new AccessTokens(new TokenOptions { SigningKey = target.SigningKey }, time);
        string run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var made = new LoadAccount[count];
        await InParallelAsync(count, async i =>
        {
            var account = new NewAccount($"Load {i}", $"load-{run}-{i}@load.invalid", null, "no password: made by bench/Load");
            CreateAccountResult created = await accounts.CreateAsync(account, ct);
            byte[] unusable = RandomNumberGenerator.GetBytes(32);
            long device = await devices.CreateAsync(created.PrincipalId, "load", unusable, time.GetUtcNow().AddDays(1), ct);
            made[i] = new LoadAccount(created.PrincipalId, tokens.Issue(new Caller(created.PrincipalId, device), out _));
        });
        return made;
    }

    private static async Task<LoadGroup[]> MakeGroupsAsync(NpgsqlDataSource source, LoadAccount[] accounts, int count, CancellationToken ct)
    {
        var memberships = new MembershipStore(source, new NobodyListens());
        var made = new LoadGroup[count];
        int size = accounts.Length / count;
        await InParallelAsync(count, async g =>
        {
            int[] members = [.. Enumerable.Range(g * size, size)];
            long[] others = [.. members.Skip(1).Select(i => accounts[i].PrincipalId)];
            MembershipOutcome outcome =
                await memberships.CreateGroupAsync(accounts[members[0]].PrincipalId, $"Load group {g}", others, Math.Max(size, 256), ct);
            if (outcome.Status != MembershipStatus.Done) throw new InvalidOperationException($"A group could not be made: {outcome.Status}.");

            made[g] = new LoadGroup(outcome.ChatId, members);
        });
        return made;
    }

    private static Task InParallelAsync(int count, Func<int, Task> make) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (i, _) => await make(i));

    private sealed class NobodyListens : ICommittedEvents
    {
        public void OnCommitted(IReadOnlyList<EventRow> events)
        {
        }
    }
}
