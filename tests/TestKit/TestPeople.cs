using System.Globalization;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;

namespace Chat.TestKit;

/// <summary>Makes accounts and chats in a <see cref="TestDatabase"/> with one call each.</summary>
public sealed class TestPeople(TestDatabase database, RecordedEvents? events = null)
{
    private int _count;

    public RecordedEvents Events { get; } = events ?? new RecordedEvents();

    public AccountStore Accounts { get; } = new(database.Source);

    public async Task<long> CreateAsync(string? name = null)
    {
        int number = Interlocked.Increment(ref _count);
        string unique = string.Create(CultureInfo.InvariantCulture, $"person{number}");
        CreateAccountResult result = await Accounts.CreateAsync(
            new NewAccount(name ?? unique, $"{unique}@example.org", null, "hash"), CancellationToken.None);
        return result.PrincipalId;
    }

    public async Task<long[]> CreateManyAsync(int count)
    {
        var ids = new long[count];
        for (int i = 0; i < count; i++)
            ids[i] = await CreateAsync();
        return ids;
    }

    public async Task<long> CreateGroupAsync(long creatorId, params long[] memberIds)
    {
        var store = new MembershipStore(database.Source, Events);
        MembershipOutcome outcome = await store.CreateGroupAsync(creatorId, "group", memberIds, maxMembers: 100_000, CancellationToken.None);
        if (outcome.Status != MembershipStatus.Done) throw new InvalidOperationException($"The group was not made: {outcome.Status}");
        return outcome.ChatId;
    }
}
