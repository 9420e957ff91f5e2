namespace Chat.Chaos.Faults;

/// <summary>A row of the fault matrix: what is broken under load, and the row's own figure beside the checker's verdict.</summary>
internal abstract class FaultRow
{
    /// <summary>F-01 to F-32.</summary>
    public abstract string Id { get; }

    /// <summary>What is broken, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>Whether it belongs to the short form that every run of the tests has.</summary>
    public virtual bool IsShort => false;

    /// <summary>A row that has not ended by then is broken. Default 5 minutes.</summary>
    public virtual TimeSpan Longest => TimeSpan.FromMinutes(5);

    /// <summary>Starts the cluster, breaks and heals it, and judges. Figures, faults and notes go to <paramref name="run"/>.</summary>
    /// <exception cref="NotHereException">This machine cannot do it.</exception>
    public abstract Task RunAsync(RowRun run, CancellationToken ct);
}

/// <summary>The row cannot be done on this machine; the message says why.</summary>
internal sealed class NotHereException(string message) : Exception(message);
