using System.Collections.Concurrent;

namespace Chat.Domain;

/// <summary>
/// One question a key is under way, however many wait for its answer and however many of them went: a question is left alone and not cancelled,
/// because Npgsql would ask the server to cancel and hold a thread for it. Thread-safe.
/// </summary>
/// <param name="maxQuestions">How many may be under way at once.</param>
/// <param name="ask">Asks; what it throws is thrown to all who wait.</param>
public sealed class SingleFlight<TKey, TAnswer>(int maxQuestions, Func<TKey, Task<TAnswer>> ask)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Task<TAnswer>> _questions = new();

    /// <summary>The answer to the question under way, or to a new one.</summary>
    /// <returns>Null where too many questions have no answer yet.</returns>
    public Task<TAnswer>? TryAskAsync(TKey key)
    {
        if (_questions.TryGetValue(key, out Task<TAnswer>? question)) return question;
        if (_questions.Count >= maxQuestions) return null;

        TaskCompletionSource<TAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        question = _questions.GetOrAdd(key, answer.Task);
        if (question == answer.Task) _ = AskAsync(key, answer);
        return question;
    }

    private async Task AskAsync(TKey key, TaskCompletionSource<TAnswer> answer)
    {
        try
        {
            TAnswer told = await ask(key);
            _questions.TryRemove(key, out _);
            answer.SetResult(told);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait have to hear of it; the boundary judges and logs it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _questions.TryRemove(key, out _);
            answer.SetException(fault);
            _ = answer.Task.Exception; // seen, though nobody may wait any more
        }
    }
}
