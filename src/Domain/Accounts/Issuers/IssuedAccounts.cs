using System.Collections.Concurrent;
using Chat.Storage;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>What an account of an issuer is to a genuine token.</summary>
public enum IssuedStanding : byte
{
    /// <summary>The device may be used.</summary>
    Good,

    /// <summary>The device was signed out.</summary>
    SignedOut,

    /// <summary>An operator has blocked the account.</summary>
    Blocked,
}

/// <summary>Whose a genuine token is; the ids are set for <see cref="IssuedStanding.Good"/>.</summary>
public readonly record struct IssuedAnswer(IssuedStanding Standing, long PrincipalId, long DeviceId);

/// <summary>
/// Finds the account and the device of a genuine token of an issuer, and makes them at its first use (ADR 0040). Remembers them, as they never
/// change; whether a device is still signed in is asked where it is asked of any device. Thread-safe.
/// </summary>
public sealed partial class IssuedAccounts : IDisposable
{
    /// <summary>Tokens that wait for the database: more are not waited for, as more would not be answered in time.</summary>
    internal const int MaxQuestions = 25_000;

    /// <summary>More devices than this are forgotten all at once; the next token of each asks again.</summary>
    private const int MaxRemembered = 50_000;

    private const int MaxAttempts = 5;

    /// <summary>First uses that are stored at once: an app that begins with all its people leaves the database's connections to others.</summary>
    private const int MaxMade = 3;

    private readonly ConcurrentDictionary<IssuedKey, Known> _known = new();
    private readonly SingleFlight<IssuedEntry, IssuedAnswer> _questions;
    private readonly IssuedAccountStore _store;
    private readonly IssuedAccountReads _reads;
    private readonly DeviceSignIn _devices;
    private readonly ILogger<IssuedAccounts> _log;
    private readonly SemaphoreSlim _making = new(MaxMade);

    public IssuedAccounts(IssuedAccountStore store, IssuedAccountReads reads, DeviceSignIn devices, ILogger<IssuedAccounts> log)
    {
        (_store, _reads, _devices, _log) = (store, reads, devices, log);
        _questions = new SingleFlight<IssuedEntry, IssuedAnswer>(MaxQuestions, AskAsync);
    }

    /// <summary>What this node knows without asking: of a token that it has seen, or an older one of the same sign-in.</summary>
    public bool TryFind(in IssuedClaims claims, out IssuedAnswer answer)
    {
        bool isKnown = _known.TryGetValue(KeyOf(claims), out Known known) && claims.IssuedAt <= known.UsedAt;
        answer = new IssuedAnswer(IssuedStanding.Good, known.PrincipalId, known.DeviceId);
        return isKnown;
    }

    /// <summary>Asks the database. One question a token is under way, however many requests came with it.</summary>
    /// <exception cref="TimeoutException">Too many wait for the database.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public Task<IssuedAnswer> FindAsync(in IssuedClaims claims) =>
        _questions.TryAskAsync(new IssuedEntry(KeyOf(claims), claims.Name, claims.IssuedAt))
        ?? throw new TimeoutException("Too many tokens of issuers wait for the database.");

    public void Dispose() => _making.Dispose();

    private async Task<IssuedAnswer> AskAsync(IssuedEntry entry)
    {
        IssuedAnswer found = await FindOrMakeAsync(entry);
        if (found.Standing == IssuedStanding.Good) Remember(entry, found);
        return found;
    }

    /// <summary>Reads, and makes what is not there, until all of it is: somebody else may make the same, or block the account, at any moment.</summary>
    private async Task<IssuedAnswer> FindOrMakeAsync(IssuedEntry entry)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            IssuedRow? row = await _reads.ReadAsync(entry);
            if (row is null)
            {
                await MakeAsync(() => _store.CreateAsync(entry, entry.Name ?? entry.Key.Subject, CancellationToken.None));
                continue;
            }

            if (row.IsBlocked) return new IssuedAnswer(IssuedStanding.Blocked, 0, 0);
            if (row.IsSignedOut) return new IssuedAnswer(IssuedStanding.SignedOut, 0, 0);
            if (row.DeviceId is not { } deviceId)
            {
                await MakeAsync(() => CreateDeviceAsync(row.PrincipalId, entry));
                continue;
            }

            if (entry.Name is { } name && name != row.ClaimedName && entry.IssuedAt > row.ClaimedAt)
                await RenameAsync(row.PrincipalId, name, entry.IssuedAt);
            return new IssuedAnswer(IssuedStanding.Good, row.PrincipalId, deviceId);
        }

        throw new TimeoutException("An account of an issuer changes faster than it can be read.");
    }

    private async Task MakeAsync(Func<Task> make)
    {
        await _making.WaitAsync();
        try
        {
            await make();
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task CreateDeviceAsync(long principalId, IssuedEntry entry)
    {
        if (await _store.CreateDeviceAsync(principalId, entry, CancellationToken.None) is { } made)
            await _devices.TellOthersAsync(principalId, made, entry.Key.Issuer, CancellationToken.None);
    }

    /// <summary>Who cannot be renamed for the moment is let in all the same: their next token says the name again.</summary>
    private async Task RenameAsync(long principalId, string name, long claimedAt)
    {
        try
        {
            await _store.RenameAsync(principalId, name, claimedAt, CancellationToken.None);
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            NotRenamed(_log, fault, principalId);
        }
    }

    private static IssuedKey KeyOf(in IssuedClaims claims) => new(claims.Issuer, claims.Subject, claims.Session);

    private void Remember(IssuedEntry entry, in IssuedAnswer found)
    {
        if (_known.Count >= MaxRemembered) _known.Clear();
        Known known = new(found.PrincipalId, found.DeviceId, entry.IssuedAt);
        _known.AddOrUpdate(entry.Key, known, (_, before) => before.UsedAt > known.UsedAt ? before : known);
    }

    [LoggerMessage(EventId = EventIds.IssuedNameNotTaken, Level = LogLevel.Warning, Message = "Account {PrincipalId} is signed in, but could not be renamed as its token says; the next token says it again")]
    private static partial void NotRenamed(ILogger logger, Exception exception, long principalId);

    /// <param name="UsedAt">When the newest token of the device was made that was seen.</param>
    private readonly record struct Known(long PrincipalId, long DeviceId, long UsedAt);
}
