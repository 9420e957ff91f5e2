namespace Chat.Chaos.Checker;

/// <summary>Collects what is broken: all of it as a count, the first few with their evidence.</summary>
internal sealed class ViolationLog(int told)
{
    private readonly List<Violation> _violations = [];
    private readonly SortedDictionary<Invariant, long> _counts = [];

    public IReadOnlyList<Violation> Violations => _violations;

    public IReadOnlyDictionary<Invariant, long> Counts => _counts;

    /// <param name="tell">Makes the text and the evidence; called only for those that are told.</param>
    public void Add(Invariant invariant, Func<(string Text, IReadOnlyList<string> Evidence)> tell)
    {
        long count = _counts.GetValueOrDefault(invariant);
        _counts[invariant] = count + 1;
        if (count >= told) return;

        (string text, IReadOnlyList<string> evidence) = tell();
        _violations.Add(new Violation(invariant, text, evidence));
    }
}
