using System.Collections.Concurrent;
using Chat.Storage;

namespace Chat.Domain.Push;

/// <summary>Collects what fails because the database is away, so that the rest is done first. Thread-safe.</summary>
internal sealed class PassingFaults
{
    private readonly ConcurrentQueue<Exception> _faults = new();

    public bool Any => !_faults.IsEmpty;

    /// <param name="undone">Called when it failed.</param>
    public async Task TryAsync(Func<Task> act, Action undone)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            _faults.Enqueue(fault);
            undone();
        }
    }

    /// <exception cref="AggregateException">Something failed.</exception>
    public void Throw()
    {
        if (Any) throw new AggregateException(_faults.Take(1));
    }
}
