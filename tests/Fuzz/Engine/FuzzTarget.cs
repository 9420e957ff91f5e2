namespace Chat.Fuzz.Engine;

/// <summary>Something that takes bytes from a peer: makes inputs for it, and judges what it does with one.</summary>
internal abstract class FuzzTarget : IAsyncDisposable
{
    /// <summary>Its name on the command line, and of its folder in <c>corpus</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs of one run of the test suite.</summary>
    public abstract int InputsInSuite { get; }

    /// <summary>Inputs of a full run, <c>./chat fuzz</c> without more.</summary>
    public abstract int InputsInFull { get; }

    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>A new input from the structure of what is read.</summary>
    public abstract byte[] Make(FuzzRandom random);

    /// <summary>Judges one input. The random is for how it is cut and offered; it may not decide what is right.</summary>
    /// <exception cref="FuzzException">The target did what it must not do.</exception>
    public abstract ValueTask CheckAsync(byte[] input, FuzzRandom random);

    /// <summary>Judges what was put aside for a comparison in bulk. Called at the end of a run.</summary>
    public virtual Task FinishAsync() => Task.CompletedTask;

    /// <summary>One line on what the inputs of this run were like: a run that only made nonsense proves little.</summary>
    public virtual string Describe() => "";

    public virtual ValueTask DisposeAsync() => default;

    /// <summary>Fails the input unless what is said is so.</summary>
    protected static void Require(bool isSo, string what)
    {
        if (!isSo) throw new FuzzException(what);
    }
}

/// <summary>A target did what it must not do.</summary>
public sealed class FuzzException : Exception
{
    public FuzzException(string message)
        : base(message)
    {
    }

    public FuzzException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
