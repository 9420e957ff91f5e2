namespace Chat.Load.Report;

/// <summary>A bound that a result must keep; the run fails otherwise.</summary>
/// <param name="Name">What is measured, as in the JSON.</param>
/// <param name="Actual">What was found.</param>
/// <param name="Most">What is accepted.</param>
internal readonly record struct Threshold(string Name, double Actual, double Most)
{
    public bool IsKept => Actual <= Most;

    public override string ToString() => $"{Name} is {Actual}, at most {Most} is accepted";
}
