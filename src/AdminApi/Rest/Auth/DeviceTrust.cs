using System.Collections.Concurrent;
using Chat.Domain;
using Chat.Storage.Accounts;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>
/// The database's word on which devices are signed in, believed for a while. One question a device is under way, however many requests wait
/// for its answer. Thread-safe.
/// </summary>
internal sealed class DeviceTrust
{
    /// <summary>How long a yes is believed, from the moment of the question.</summary>
    internal static readonly TimeSpan Term = TimeSpan.FromSeconds(10);

    /// <summary>Questions under way. Those of a second's patience, where PostgreSQL answers a few thousand a second.</summary>
    internal const int MaxQuestions = 2_000;

    /// <summary>More devices than this are forgotten all at once; the next request of each asks again.</summary>
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<Caller, long> _askedAt = new();
    private readonly SingleFlight<Caller, bool> _questions;
    private readonly Func<SessionKey, Task<bool>> _ask;
    private readonly TimeProvider _time;

    public DeviceTrust(SessionStore sessions, TimeProvider time)
        : this(key => sessions.IsSignedInAsync(key, CancellationToken.None), time)
    {
    }

    internal DeviceTrust(Func<SessionKey, Task<bool>> ask, TimeProvider time)
    {
        (_ask, _time) = (ask, time);
        _questions = new SingleFlight<Caller, bool>(MaxQuestions, AskAsync);
    }

    /// <summary>Whether the database said so lately.</summary>
    public bool Covers(Caller caller) => _askedAt.TryGetValue(caller, out long at) && _time.GetElapsedTime(at) < Term;

    /// <summary>Whether the device is signed in: the answer to the question under way, or to a new one.</summary>
    /// <returns>Null where too many questions have no answer yet.</returns>
    public Task<bool>? TryAskAsync(Caller caller) => _questions.TryAskAsync(caller);

    private async Task<bool> AskAsync(Caller caller)
    {
        long now = _time.GetTimestamp(); // before the question: the answer is as old as its start
        bool isSignedIn = await _ask(new SessionKey(caller.PrincipalId, caller.DeviceId));
        if (isSignedIn) Remember(caller, now);
        else _askedAt.TryRemove(caller, out _);
        return isSignedIn;
    }

    private void Remember(Caller caller, long at)
    {
        if (_askedAt.Count >= MaxRemembered) _askedAt.Clear();
        _askedAt[caller] = at;
    }
}
