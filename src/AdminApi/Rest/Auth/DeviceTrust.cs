using System.Collections.Concurrent;
using Chat.Domain;
using Chat.Storage.Accounts;

namespace Chat.AdminApi.Rest.Auth;

/// <summary>
/// The database's word on which devices are signed in, believed for a while. One question a device is under way, however many requests wait
/// for its answer and however many of them went: a question is left alone and not cancelled, because Npgsql would ask the server to cancel
/// and hold a thread for it. Thread-safe.
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
    private readonly ConcurrentDictionary<Caller, Task<bool>> _questions = new();
    private readonly Func<SessionKey, Task<bool>> _ask;
    private readonly TimeProvider _time;

    public DeviceTrust(SessionStore sessions, TimeProvider time)
        : this(key => sessions.IsSignedInAsync(key, CancellationToken.None), time)
    {
    }

    internal DeviceTrust(Func<SessionKey, Task<bool>> ask, TimeProvider time) => (_ask, _time) = (ask, time);

    /// <summary>Whether the database said so lately.</summary>
    public bool Covers(Caller caller) => _askedAt.TryGetValue(caller, out long at) && _time.GetElapsedTime(at) < Term;

    /// <summary>Whether the device is signed in: the answer to the question under way, or to a new one.</summary>
    /// <returns>Null where too many questions have no answer yet.</returns>
    public Task<bool>? TryAskAsync(Caller caller)
    {
        if (_questions.TryGetValue(caller, out Task<bool>? question)) return question;
        if (_questions.Count >= MaxQuestions) return null;

        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        question = _questions.GetOrAdd(caller, answer.Task);
        if (question == answer.Task) _ = AskAsync(caller, answer);
        return question;
    }

    private async Task AskAsync(Caller caller, TaskCompletionSource<bool> answer)
    {
        long now = _time.GetTimestamp(); // before the question: the answer is as old as its start
        try
        {
            bool isSignedIn = await _ask(new SessionKey(caller.PrincipalId, caller.DeviceId));
            if (isSignedIn) Remember(caller, now);
            else _askedAt.TryRemove(caller, out _);
            _questions.TryRemove(caller, out _);
            answer.SetResult(isSignedIn);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait have to hear of it; the boundary judges and logs it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _questions.TryRemove(caller, out _);
            answer.SetException(fault);
            _ = answer.Task.Exception; // seen, though nobody may wait any more
        }
    }

    private void Remember(Caller caller, long at)
    {
        if (_askedAt.Count >= MaxRemembered) _askedAt.Clear();
        _askedAt[caller] = at;
    }
}
